using System.Text;
using PhotoMl.Data;
using PhotoMl.IO;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Which photos a run trained on and which it set aside, for people to read and for the run to go on with.</summary>
internal static class SplitFile
{
    private const string Header = "path,split";
    private const string TrainName = "train";
    private const string ValidationName = "validation";

    /// <summary>Writes the two sides with their full paths, in the quoting of RFC 4180.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<string> train, IReadOnlyList<string> validation)
    {
        var lines = train.Select(photo => Line(photo, TrainName)).Concat(validation.Select(photo => Line(photo, ValidationName))).Prepend(Header + "\n");
        var text = string.Concat(lines);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

        static string Line(string photo, string split) => $"\"{Path.GetFullPath(photo).Replace("\"", "\"\"", StringComparison.Ordinal)}\",{split}\n";
    }

    /// <summary>Reads which photos were set aside.</summary>
    /// <exception cref="InvalidModelException">The file is damaged.</exception>
    public static IReadOnlySet<string> ReadValidation(string path)
    {
        try
        {
            using var reader = new StreamReader(RegularFile.Open(path), Encoding.UTF8);
            var lines = new CsvReader(reader, path).Read().Select(line => line.Fields).ToList();
            return lines.Count > 0 && string.Join(',', lines[0]) == Header && lines.Skip(1).All(line => line is [_, TrainName or ValidationName])
                ? lines.Where(line => line[1] == ValidationName).Select(line => line[0]).ToHashSet(StringComparer.Ordinal)
                : throw new InvalidModelException(path, $"lines of {Header}", "another");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDatasetException)
        {
            throw new InvalidModelException(path, "which photos the run had set aside", exception.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
    }
}
