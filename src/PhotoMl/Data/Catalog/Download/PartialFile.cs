using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>A file as far as it has been downloaded, and which version of which address it is a part of.</summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string _notePath;
    private readonly bool _keep;
    private readonly FileStream _stream;

    /// <summary>Opens or creates the part.</summary>
    /// <param name="path">The part's file; a note of its origin is kept beside it.</param>
    /// <param name="keep">Whether an unfinished part stays for a later process to continue.</param>
    public PartialFile(string path, bool keep)
    {
        Path = path;
        _notePath = path + ".source";
        _keep = keep;
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        _stream.Position = _stream.Length;
        var note = File.Exists(_notePath) ? RegularFile.ReadAllText(_notePath).Split('\n') : [];
        Address = note.Length > 0 ? note[0] : null;
        Validator = note.Length > 1 && note[1].Length > 0 ? note[1] : null;
    }

    public string Path { get; }

    /// <summary>The address the part is from; null where that is not known.</summary>
    public string? Address { get; private set; }

    /// <summary>The server's strong ETag for the version it is a part of; null where it gave none.</summary>
    public string? Validator { get; private set; }

    public long Length => _stream.Length;

    /// <summary>How much of the file at an address is there already.</summary>
    public long LengthFor(Uri address) => Address == address.AbsoluteUri ? Length : 0;

    /// <summary>Empties the part and notes where what follows is from.</summary>
    public void Restart(Uri address, string? validator)
    {
        _stream.SetLength(0);
        (Address, Validator) = (address.AbsoluteUri, validator);
        File.WriteAllLines(_notePath, [address.AbsoluteUri, validator ?? string.Empty]);
    }

    public void Append(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    public void Clear()
    {
        _stream.SetLength(0);
        (Address, Validator) = (null, null);
        File.Delete(_notePath);
    }

    /// <summary>Forces the bytes to the disk.</summary>
    public void Flush() => _stream.Flush(flushToDisk: true);

    /// <summary>Gives the part its final name at one stroke.</summary>
    public void MoveTo(string path)
    {
        _stream.Dispose();
        File.Move(Path, path, overwrite: true);
        File.Delete(_notePath);
    }

    public void Dispose()
    {
        // A part that was moved away is not there any more, and must not be looked at through the closed stream.
        var worthKeeping = _keep && _stream.CanRead && _stream.Length > 0;
        _stream.Dispose();
        if (!worthKeeping)
        {
            File.Delete(Path);
            File.Delete(_notePath);
        }
    }
}
