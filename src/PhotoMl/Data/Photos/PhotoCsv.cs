using System.Text;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Reads a list of photos from a file of delimited values, as pandas, Excel and Kaggle write them.</summary>
/// <remarks>Each line is <c>path,label</c> or <c>path,label,split</c>; or a first line names the columns (<see cref="CsvColumns"/>). They
/// are delimited by commas, semicolons, tabs or bars, quoted as in RFC 4180; the text is UTF-8 or UTF-16.
/// <see cref="SplitWords"/> are the words for splits, and <see cref="ListedPaths"/> says where paths begin.</remarks>
internal static class PhotoCsv
{
    private const string Fields = "path,label or path,label,split";
    private const string Expected = "a list of photos, path,label in each line";

    public static bool HasExtension(string path) => Path.GetExtension(path).ToLowerInvariant() is ".csv" or ".tsv";

    public static PhotoList Open(string path)
    {
        try
        {
            return Read(ReadText(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var found = RegularFile.FindOtherKind(path) ?? "a file that cannot be read";
            throw new InvalidDatasetException(path, "a list of photos", found, exception);
        }
    }

    // A byte order mark comes before what the zeros of ASCII characters say.
    private static string ReadText(string path)
    {
        var bytes = RegularFile.ReadAllBytes(path);
        var encoding = bytes is [0, not 0, ..] ? Encoding.BigEndianUnicode : bytes is [not 0, 0, ..] ? Encoding.Unicode : Encoding.UTF8;
        using var reader = new StreamReader(new MemoryStream(bytes), encoding);
        var text = reader.ReadToEnd();
        var lost = text.AsSpan().IndexOfAny('\uFFFD', '\0');
        var kind = text.TrimStart().StartsWith('<') ? "HTML or XML"
            : ImageFormat.Find(bytes) ?? ImageFormat.KindIn(ImageFormat.Refuse(bytes, path));
        return (lost, kind) switch
        {
            (_, "git-lfs pointer" or "HTML or XML") or (>= 0, not ("text" or "something else")) => throw new InvalidDatasetException(
                path, Expected, $"another file ({kind}){(kind == "zip" ? ", such as an Excel workbook; save it as CSV" : "")}"),
            (>= 0, _) => throw new InvalidDatasetException(
                $"{path}, line {1 + text[..lost].ReplaceLineEndings("\n").Count(c => c == '\n')}",
                "text in UTF-8 or UTF-16",
                "another encoding, such as Latin-1; save the list as UTF-8 (in Excel as CSV UTF-8)"),
            _ => text,
        };
    }

    private static PhotoList Read(string text, string path)
    {
        var files = new NamedFiles(Path.GetFullPath(path));
        var start = text.TrimStart('\r', '\n');
        var isDeclared = start.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && start.Length > 4; // the first line of Excel
        var delimiter = isDeclared ? start[4] : FindDelimiter(text);
        var lines = CsvReader.Read(text, path, delimiter)
            .Skip(isDeclared ? 1 : 0).Where(line => line.Fields.Any(field => !string.IsNullOrWhiteSpace(field))).ToList();
        var columns = lines.Count == 0 ? throw new InvalidDatasetException(path, Expected, "an empty list")
            : CsvColumns.Find(lines.ConvertAll(line => line.Fields), files, $"{path}, line {lines[0].Line}");
        var rows = lines.Where(line => columns.Named == 0 || !line.Fields.SequenceEqual(lines[0].Fields)) // also in joined lists
            .Select(line => ReadLine(line.Line, line.Fields, columns, path)).ToList();
        var (listed, problems) = (new List<ListedPhoto>(), new List<ImageFileEntry>());
        var known = new Dictionary<string, int>(RealPath.Comparer); // a photo is the same however it is spelt
        var unclear = 0;
        foreach (var row in rows)
        {
            var found = columns.Paths.Find(row.Path);
            var photo = row with { Path = found.Count == 1 ? found[0] : columns.Paths.PathOf(row.Path) };
            var problem = CsvColumn.IsMissing(row.Label) ? $"line {row.Line} has no label"
                : found.Count == 0 ? $"there is no such file, though line {row.Line} lists it"
                : found.Count > 1 ? $"line {row.Line} does not say which of {found.Count} files it is, such as {found[0]} and {found[1]}"
                : null;
            if (problem is null && !known.TryAdd(RealPath.Of(photo.Path), listed.Count))
            {
                var index = known[RealPath.Of(photo.Path)];
                unclear += listed[index].Label == photo.Label ? 0 : 1;
                (listed[index], problem) = Choose(listed[index], photo);
            }
            else if (problem is null)
            {
                listed.Add(photo);
            }

            problems.AddRange(problem is null ? [] : [new ImageFileEntry(photo.Path, problem)]);
        }

        if (listed.Count == 0)
        {
            var found = problems.Count == 0 ? "an empty list"
                : rows.TrueForAll(row => CsvColumn.IsMissing(row.Label)) ? "no label in any line"
                : $"no photo that is there, the first being {problems[0].Path}: {problems[0].Problem} "
                    + "(paths begin at the folder of the list; a first line may name the columns: path, label, split)";
            throw new InvalidDatasetException(path, Expected, found);
        }

        // What has no split beside others that have one is for training.
        var unsplit = listed.Count(photo => photo.Split == DatasetSplits.None);
        var isSplit = unsplit < listed.Count;
        var photos = listed.ConvertAll(photo => (photo.Path, photo.Label, isSplit ? photo.UsedFor : DatasetSplits.None));
        var folders = listed.SelectMany(photo => Path.GetRelativePath(files.Folder, photo.Path).Split(Path.DirectorySeparatorChar)[..^1])
            .Distinct().Where(name => !isSplit && SplitWords.Find(name) is not null).ToList();
        string?[] remarks =
        [
            isSplit && unsplit > 0 ? $"{unsplit:N0} of {photos.Count:N0} listed photos have no split, and are for training." : null,
            folders.Count > 1 ? $"The list has no column for the split, though its photos lie in {ClassNameList.Few(folders)}." : null,
            unclear > 0 ? $"{unclear:N0} of {photos.Count:N0} listed photos under two labels; that of the first line counts." : null,
        ];
        return PhotoList.Make(path, photos, problems, [.. columns.Remarks, columns.Paths.Remark, .. remarks]);
    }

    // Of two lines for one photo. What a network is tested on it must not be trained on.
    private static (ListedPhoto Kept, string Problem) Choose(ListedPhoto first, ListedPhoto second)
    {
        var (kept, other) = first.Label == second.Label && first.UsedFor < second.UsedFor ? (second, first) : (first, second);
        return (kept, $"line {other.Line} lists it too ({Describe(other)}); line {kept.Line} counts ({Describe(kept)})");

        static string Describe(ListedPhoto photo) =>
            photo.Label + (photo.Split == DatasetSplits.None ? "" : $", for {photo.Split.ToString().ToLowerInvariant()}");
    }

    // The one that makes most fields of the first line.
    private static char FindDelimiter(string text)
    {
        var line = text.TrimStart('\r', '\n', ' ').Split(['\r', '\n'], 2)[0];
        var unquoted = string.Concat(line.Split('"').Where((_, index) => index % 2 == 0));
        return ",;\t|".MaxBy(delimiter => unquoted.Count(c => c == delimiter));
    }

    private static ListedPhoto ReadLine(int line, IReadOnlyList<string> fields, CsvColumns columns, string path)
    {
        var (where, isUnnamed, most) = ($"{path}, line {line}", columns.Named == 0, columns.Named == 0 ? 3 : columns.Named);
        if (fields.Skip(most).Any(field => !string.IsNullOrWhiteSpace(field)) || (isUnnamed && fields.Count < 2))
        {
            var expected = isUnnamed ? Fields : $"at most {most} fields, as the first line has";
            var found = $"{PhotoMlException.Count(fields.Count, "field")}: {ClassNameList.Few(fields, 8)}";
            throw new InvalidDatasetException(where, expected, found);
        }

        return Field(columns.Path) is { Length: > 0 } photo
            ? new ListedPhoto(line, photo, Field(columns.Label), columns.Splits.Find(Field, where))
            : throw new InvalidDatasetException(where, Fields, "no path");

        string Field(int index) => index < fields.Count ? fields[index].Trim() : "";
    }

    private sealed record ListedPhoto(int Line, string Path, string Label, DatasetSplits Split)
    {
        public DatasetSplits UsedFor => Split == DatasetSplits.None ? DatasetSplits.Train : Split;
    }
}
