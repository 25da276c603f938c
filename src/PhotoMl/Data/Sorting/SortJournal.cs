using System.Text.Json;
using System.Text.Json.Serialization;
using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>The lines that say what sorting was about to do and has done, so that a crash anywhere leaves nothing unknown.</summary>
internal sealed class SortJournal : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(PhotoMlJson.Line) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly FileStream _file;

    private SortJournal(FileStream file, List<SortRecord> records)
    {
        _file = file;
        Records = records;
    }

    /// <summary>All lines, those too that were written since.</summary>
    public List<SortRecord> Records { get; }

    /// <summary>The first line.</summary>
    public SortRecord Header => Records[0];

    /// <summary>Begins a journal with the whole plan; the file must not exist.</summary>
    public static SortJournal Create(string path, SortRecord header, IEnumerable<SortRecord> plan)
    {
        try
        {
            var journal = new SortJournal(new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read), []);
            journal.Write([header, .. plan]);
            return journal;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(path, exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' '), exception);
        }
    }

    /// <summary>Opens a journal to go on with it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mayRepair">Whether a last line that a crash cut off is dropped from the file.</param>
    public static SortJournal Open(string path, bool mayRepair)
    {
        FileStream file;
        try
        {
            RegularFile.Check(path);
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDatasetException(path, "the journal of a sorting", exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' '), exception);
        }

        try
        {
            return new SortJournal(file, ReadRecords(path, file, mayRepair));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes lines and hands them to the system before it returns, so that killing the process loses none.</summary>
    public void Write(params IReadOnlyList<SortRecord> records)
    {
        using var lines = new MemoryStream();
        foreach (var record in records)
        {
            JsonSerializer.Serialize(lines, record, Json);
            lines.WriteByte((byte)'\n');
        }

        _file.Write(lines.GetBuffer(), 0, (int)lines.Length);
        _file.Flush();
        Records.AddRange(records);
    }

    public void Dispose() => _file.Dispose();

    private static List<SortRecord> ReadRecords(string path, FileStream file, bool mayRepair)
    {
        using var content = new MemoryStream();
        file.CopyTo(content);
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        var whole = bytes.LastIndexOf((byte)'\n') + 1;
        var records = new List<SortRecord>();
        foreach (var range in bytes[..whole].Split((byte)'\n'))
        {
            if (!bytes[range].IsEmpty)
            {
                records.Add(Parse(path, bytes[range], records.Count + 1));
            }
        }

        if (records is not [{ State: SortState.Header, Count: { } count }, ..] || records.Count(record => record.State == SortState.Plan) != count)
        {
            throw new InvalidDatasetException(path, "the journal of a sorting with its whole plan", "none; nothing was done under it");
        }

        // Not before it is known to be a journal: any file may have been named by mistake.
        if (mayRepair)
        {
            file.SetLength(whole);
            file.Seek(whole, SeekOrigin.Begin);
        }

        return records;
    }

    private static SortRecord Parse(string path, ReadOnlySpan<byte> line, int number)
    {
        try
        {
            var record = JsonSerializer.Deserialize<SortRecord>(line, Json);
            var isWhole = record is not null && record.State switch
            {
                SortState.Header => record.Into is { Length: > 0 } into && Path.GetFullPath(into) == into && number == 1,
                SortState.Plan => record is { Id: not null, Source: not null, Folder: not null },
                SortState.Folder => record.Folder is not null,
                SortState.Begin => record is { Id: not null, Part: not null },
                SortState.Name => record is { Id: not null, Target: not null, Sha256: not null },
                _ => record.Id is not null,
            };
            return isWhole ? record! : throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new InvalidDatasetException(path, "lines of a journal", $"something else in line {number}", exception);
        }
    }
}
