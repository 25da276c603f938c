using System.Text.Json;

namespace PhotoMl.Data;

/// <summary>The list of what a sorting made, one JSON object a line, each written just before what it names is made.</summary>
internal sealed class SortList : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Begins a list, and makes its folder where that is missing.</summary>
    public SortList(string path)
    {
        FileStream? file = null;
        AtomicFile.Guard(path, () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        });
        _file = file!;
    }

    /// <summary>Reads a list; a last line that a crash cut off does not count, for what it names was not made.</summary>
    public static List<SortListEntry> Read(string path)
    {
        const string Expected = "a list of sorted photos";
        try
        {
            var lines = RegularFile.ReadAllText(path).Split('\n')[..^1];
            var entries = lines.Select(line => JsonSerializer.Deserialize<SortListEntry>(line, PhotoMlJson.Line)!).ToList();
            return entries.Count > 0 && entries.TrueForAll(entry => entry is not null && (entry.Source is null) == (entry.Sha256 is null))
                ? entries
                : throw new InvalidDatasetException(path, Expected, "none");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            var found = exception is JsonException ? "other lines"
                : Directory.Exists(path) ? "a folder"
                : File.Exists(path) ? AtomicFile.Describe(exception) : "no such file";
            throw new InvalidDatasetException(path, Expected, found, exception);
        }
    }

    /// <summary>Adds a line and hands it to the system, so that killing the process does not lose it; where a disk is full, the next line
    /// is written over what there is of it.</summary>
    public void Add(string target, string? source = null, string? sha256 = null) =>
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(new SortListEntry(target, source, sha256), PhotoMlJson.Line), (byte)'\n']);

    public void Dispose()
    {
        var isEmpty = _file.Position == 0;
        _file.Dispose();
        if (isEmpty)
        {
            File.Delete(_file.Name);
        }
    }
}

/// <summary>A line of a list: a photo and its original, or a folder.</summary>
internal sealed record SortListEntry(string Target, string? Source = null, string? Sha256 = null);
