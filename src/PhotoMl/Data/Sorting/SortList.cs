using System.Text.Json;
using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>The list of what a sorting made, one JSON object a line; each line is written just before the file or folder that it names is
/// made.</summary>
internal sealed class SortList : IDisposable
{
    private readonly FileStream _file;

    private SortList(FileStream file) => _file = file;

    public static SortList Create(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new SortList(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(path, AtomicFile.Describe(exception), exception);
        }
    }

    /// <summary>Reads a list; a last line that a crash cut off does not count, for what it names was not made.</summary>
    public static List<SortListEntry> Read(string path)
    {
        const string Expected = "a list of sorted photos";
        try
        {
            var entries = RegularFile.ReadAllText(path).Split('\n')[..^1].Select(line => JsonSerializer.Deserialize<SortListEntry>(line, PhotoMlJson.Line)!).ToList();
            return entries.Count > 0 && entries.TrueForAll(entry => entry is not null && (entry.Source is null) == (entry.Sha256 is null))
                ? entries
                : throw new InvalidDatasetException(path, Expected, "none");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InvalidDatasetException(path, Expected, exception switch
            {
                JsonException => "other lines",
                _ when Directory.Exists(path) => "a folder",
                _ => File.Exists(path) ? AtomicFile.Describe(exception) : "no such file",
            }, exception);
        }
    }

    /// <summary>Adds a line and hands it to the system, so that killing the process does not lose it.</summary>
    public void Add(SortListEntry entry)
    {
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(entry, PhotoMlJson.Line), (byte)'\n']);
        _file.Flush();
    }

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

/// <summary>A line of a list.</summary>
internal sealed record SortListEntry(string Target, string? Source = null, string? Sha256 = null);
