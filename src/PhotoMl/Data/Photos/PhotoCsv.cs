using System.Text;
using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>Reads a list of photos from a file of comma-separated values.</summary>
/// <remarks>Each line is <c>path,label</c> or <c>path,label,split</c>, with <c>train</c>, <c>validation</c> (or <c>val</c>, <c>valid</c>)
/// or <c>test</c> for the split. A first line that says <c>path,label</c> itself is a header. Quoting is that of RFC 4180, the text is
/// UTF-8, with or without a byte order mark; blank lines do not count. A path that is relative begins at the folder of the file.</remarks>
internal static class PhotoCsv
{
    public static bool HasExtension(string path) => Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);

    public static PhotoList Open(string path)
    {
        try
        {
            using var reader = new StreamReader(RegularFile.Open(path), Encoding.UTF8);
            return Read(reader, path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDatasetException(path, "a list of photos", "no such file", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDatasetException(path, "a list of photos", Directory.Exists(path) ? "a folder" : RegularFile.FindOtherKind(path) ?? "a file that cannot be read", exception);
        }
    }

    private static PhotoList Read(TextReader reader, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var listed = new List<(string Path, string Label, DatasetSplits Split)>();
        var problems = new List<ImageFileEntry>();
        var lines = new Dictionary<string, (int Line, string Label)>(RealPath.Comparer); // a photo is the same however it is spelt
        foreach (var (line, fields) in new CsvReader(reader, path).Read())
        {
            if (lines.Count == 0 && problems.Count == 0 && IsHeader(fields))
            {
                continue;
            }

            var (photo, label, split) = ReadLine(fields, $"{path}, line {line}");
            photo = Path.Combine(folder, photo);
            var real = RealPath.Of(photo);
            if (lines.TryGetValue(real, out var first))
            {
                problems.Add(new ImageFileEntry(photo, $"line {line} lists it again{(first.Label == label ? "" : $" as {label}")}; that of line {first.Line} as {first.Label} counts"));
                continue;
            }

            lines[real] = (line, label);
            if (File.Exists(photo))
            {
                listed.Add((photo, label, split));
            }
            else
            {
                problems.Add(new ImageFileEntry(photo, $"there is no such file, though line {line} lists it"));
            }
        }

        return listed.Count > 0
            ? MakeList(path, listed, problems)
            : throw new InvalidDatasetException(path, "a list of photos, path,label in each line", problems.Count > 0 ? $"no photo that is there, the first being {problems[0].Path} (a first line of names has path, file, filename or image and then label or class)" : "an empty list");
    }

    private static PhotoList MakeList(string path, List<(string Path, string Label, DatasetSplits Split)> listed, List<ImageFileEntry> problems)
    {
        var classNames = listed.Select(photo => photo.Label).Distinct().Order(StringComparer.Ordinal).ToList();
        var indices = classNames.Index().ToDictionary(item => item.Item, item => item.Index);
        var hasSplits = listed.Any(photo => photo.Split != DatasetSplits.None);
        return new PhotoList
        {
            Source = path,
            ClassNames = classNames,
            Photos = [.. listed.Select(photo => new PhotoEntry(
                photo.Path, indices[photo.Label], hasSplits && photo.Split == DatasetSplits.None ? DatasetSplits.Train : photo.Split))],
            Problems = problems,
        };
    }

    // The columns that a message names.
    private const int MostNamed = 8;

    private static bool IsHeader(IReadOnlyList<string> fields) =>
        fields is [var path, var label, ..]
        && path.Trim().ToLowerInvariant() is "path" or "file" or "filename" or "image"
        && label.Trim().ToLowerInvariant() is "label" or "class";

    private static (string Path, string Label, DatasetSplits Split) ReadLine(IReadOnlyList<string> fields, string where)
    {
        if (fields.Count is not (2 or 3))
        {
            throw new InvalidDatasetException(where, "path,label or path,label,split", $"{fields.Count} {(fields.Count == 1 ? "field" : "fields")}: {string.Join(", ", fields.Take(MostNamed))}{(fields.Count > MostNamed ? ", ..." : "")}");
        }

        var (photo, label) = (fields[0], fields[1].Trim());
        if (string.IsNullOrWhiteSpace(photo) || photo.Contains('\0', StringComparison.Ordinal) || label.Length == 0)
        {
            throw new InvalidDatasetException(where, "path,label or path,label,split", label.Length == 0 ? "no label" : "no path");
        }

        var split = fields.Count == 3 ? fields[2].Trim() : "";
        return split.Length == 0 ? (photo, label, DatasetSplits.None)
            : PhotoFolder.FindSplit(split) is { } known ? (photo, label, known)
            : throw new InvalidDatasetException(where, "train, validation or test for the split", split);
    }
}
