using System.Text;

namespace PhotoMl.Data;

/// <summary>Reads a list of photos from a file of comma-separated values.</summary>
/// <remarks>Each line is <c>path,label</c> or <c>path,label,split</c>, with <c>train</c>, <c>validation</c> (or <c>val</c>, <c>valid</c>)
/// or <c>test</c> for the split. A first line that says <c>path,label</c> itself is a header. Quoting is that of RFC 4180, the text is
/// UTF-8, with or without a byte order mark; blank lines do not count. A path that is relative begins at the folder of the file.</remarks>
internal static class PhotoCsv
{
    private const string Fields = "path,label or path,label,split";

    // The columns that a message names.
    private const int MostNamed = 8;

    public static bool HasExtension(string path) => Path.GetExtension(path).Equals(".csv", StringComparison.OrdinalIgnoreCase);

    public static PhotoList Open(string path)
    {
        try
        {
            using var reader = new StreamReader(RegularFile.Open(path), Encoding.UTF8);
            return Read(reader, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var found = exception is FileNotFoundException or DirectoryNotFoundException ? "no such file"
                : Directory.Exists(path) ? "a folder"
                : RegularFile.FindOtherKind(path) ?? "a file that cannot be read";
            throw new InvalidDatasetException(path, "a list of photos", found, exception);
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
            if (lines.Count == 0 && IsHeader(fields))
            {
                continue;
            }

            var (name, label, split) = ReadLine(fields, $"{path}, line {line}");
            var photo = Path.Combine(folder, name);
            if (!lines.TryAdd(RealPath.Of(photo), (line, label)))
            {
                var (firstLine, firstLabel) = lines[RealPath.Of(photo)];
                var again = firstLabel == label ? "again" : $"again as {label}";
                problems.Add(new ImageFileEntry(photo, $"line {line} lists it {again}; that of line {firstLine} as {firstLabel} counts"));
            }
            else if (File.Exists(photo))
            {
                listed.Add((photo, label, split));
            }
            else
            {
                problems.Add(new ImageFileEntry(photo, $"there is no such file, though line {line} lists it"));
            }
        }

        if (listed.Count == 0)
        {
            var found = problems.Count == 0 ? "an empty list" : $"no photo that is there, the first being {problems[0].Path} "
                + "(a first line of names has path, file, filename or image and then label or class)";
            throw new InvalidDatasetException(path, "a list of photos, path,label in each line", found);
        }

        // What has no split beside others that have one is for training.
        var missing = listed.Exists(photo => photo.Split != DatasetSplits.None) ? DatasetSplits.Train : DatasetSplits.None;
        var photos = listed.ConvertAll(photo => photo with { Split = photo.Split == DatasetSplits.None ? missing : photo.Split });
        return PhotoList.Make(path, photos, problems);
    }

    private static bool IsHeader(IReadOnlyList<string> fields) =>
        fields is [var path, var label, ..]
        && path.Trim().ToLowerInvariant() is "path" or "file" or "filename" or "image"
        && label.Trim().ToLowerInvariant() is "label" or "class";

    private static (string Path, string Label, DatasetSplits Split) ReadLine(IReadOnlyList<string> fields, string where)
    {
        if (fields.Count is not (2 or 3))
        {
            var named = string.Join(", ", fields.Take(MostNamed)) + (fields.Count > MostNamed ? ", ..." : "");
            throw new InvalidDatasetException(where, Fields, $"{fields.Count} {(fields.Count == 1 ? "field" : "fields")}: {named}");
        }

        var (photo, label, split) = (fields[0], fields[1].Trim(), fields.Count == 3 ? fields[2].Trim() : "");
        var hasPath = !string.IsNullOrWhiteSpace(photo) && !photo.Contains('\0', StringComparison.Ordinal);
        return label.Length == 0 || !hasPath ? throw new InvalidDatasetException(where, Fields, label.Length == 0 ? "no label" : "no path")
            : split.Length == 0 ? (photo, label, DatasetSplits.None)
            : PhotoFolder.FindSplit(split) is { } known ? (photo, label, known)
            : throw new InvalidDatasetException(where, "train, validation or test for the split", split);
    }
}
