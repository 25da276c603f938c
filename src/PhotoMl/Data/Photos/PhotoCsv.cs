using System.Text;

namespace PhotoMl.Data;

/// <summary>Reads a list of photos from a file of delimited values, as pandas, Excel and Kaggle write them.</summary>
/// <remarks>Each line is <c>path,label</c> or <c>path,label,split</c>, with <c>train</c>, <c>validation</c> (or <c>val</c>, <c>valid</c>)
/// or <c>test</c> for the split; or a first line names the columns (<see cref="CsvColumns"/>). They are delimited by commas, semicolons,
/// tabs or bars, quoted as in RFC 4180; the text is UTF-8 or UTF-16. <see cref="ListedPaths"/> says where paths begin.</remarks>
internal static class PhotoCsv
{
    private const string Fields = "path,label or path,label,split";

    // The columns that a message names.
    private const int MostNamed = 8;

    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

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
        var lost = text.IndexOf('\uFFFD');
        return lost < 0 ? text : throw new InvalidDatasetException(
            $"{path}, line {1 + text[..lost].ReplaceLineEndings("\n").Count(c => c == '\n')}",
            "text in UTF-8 or UTF-16",
            "another encoding, such as Latin-1; save the list as UTF-8 (in Excel as CSV UTF-8)");
    }

    private static PhotoList Read(string text, string path)
    {
        var isDeclared = text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text.Length > 4; // the first line of Excel
        var delimiter = isDeclared ? text[4] : FindDelimiter(text);
        var lines = new CsvReader(new StringReader(text), path, delimiter).Read()
            .Skip(isDeclared ? 1 : 0).Where(line => line.Fields.Any(field => !string.IsNullOrWhiteSpace(field))).ToList();
        var header = lines.Count > 0 ? CsvColumns.Find(lines[0].Fields, $"{path}, line {lines[0].Line}") : null;
        var rows = lines.Where(line => header is null || !line.Fields.SequenceEqual(lines[0].Fields)) // also in the middle of joined lists
            .Select(line => ReadLine(line.Line, line.Fields, header ?? CsvColumns.Unnamed, path)).ToList();
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var paths = new ListedPaths(folder, rows.ConvertAll(row => row.Path));
        var (listed, problems) = (new List<ListedPhoto>(), new List<ImageFileEntry>());
        var known = new Dictionary<string, int>(RealPath.Comparer); // a photo is the same however it is spelt
        foreach (var row in rows)
        {
            if (paths.Find(row.Path) is not { } photo)
            {
                var missing = Path.Combine(folder, row.Path);
                problems.Add(new ImageFileEntry(missing, $"there is no such file, though line {row.Line} lists it"));
            }
            else if (known.TryAdd(RealPath.Of(photo), listed.Count))
            {
                listed.Add(row with { Path = photo });
            }
            else
            {
                var index = known[RealPath.Of(photo)];
                (listed[index], var problem) = Choose(listed[index], row with { Path = photo });
                problems.Add(new ImageFileEntry(photo, problem));
            }
        }

        if (listed.Count == 0)
        {
            var found = problems.Count == 0 ? "an empty list" : $"no photo that is there, the first being {problems[0].Path} "
                + "(paths begin at the folder of the list; a first line may name the columns: path, label, split)";
            throw new InvalidDatasetException(path, "a list of photos, path,label in each line", found);
        }

        // What has no split beside others that have one is for training.
        var isSplit = listed.Exists(photo => photo.Split != DatasetSplits.None);
        var photos = listed.ConvertAll(photo => (photo.Path, photo.Label, isSplit ? photo.UsedFor : DatasetSplits.None));
        return PhotoList.Make(path, photos, problems, paths.Remark);
    }

    // Of two lines for one photo. What a network is tested on it must not be trained on.
    private static (ListedPhoto Kept, string Problem) Choose(ListedPhoto first, ListedPhoto second)
    {
        var (kept, other) = first.Label == second.Label && first.UsedFor < second.UsedFor ? (second, first) : (first, second);
        return (kept, $"line {other.Line} lists it too ({Describe(other)}); line {kept.Line} counts ({Describe(kept)})");

        static string Describe(ListedPhoto photo) => $"{photo.Label}, for {photo.UsedFor.ToString().ToLowerInvariant()}";
    }

    // The one that makes most fields of the first line.
    private static char FindDelimiter(string text)
    {
        var line = text.TrimStart('\r', '\n', ' ').Split(['\r', '\n'], 2)[0];
        var unquoted = string.Concat(line.Split('"').Where((_, index) => index % 2 == 0));
        return Delimiters.MaxBy(delimiter => unquoted.Count(c => c == delimiter));
    }

    private static ListedPhoto ReadLine(int line, IReadOnlyList<string> fields, CsvColumns columns, string path)
    {
        var (where, isUnnamed) = ($"{path}, line {line}", columns == CsvColumns.Unnamed);
        if (fields.Skip(columns.Count).Any(field => !string.IsNullOrWhiteSpace(field)) || (isUnnamed && fields.Count < 2))
        {
            var named = string.Join(", ", fields.Take(MostNamed)) + (fields.Count > MostNamed ? ", ..." : "");
            var expected = isUnnamed ? Fields : $"at most {columns.Count} fields, as the first line has";
            throw new InvalidDatasetException(where, expected, $"{fields.Count} {(fields.Count == 1 ? "field" : "fields")}: {named}");
        }

        var (photo, label, split) = (Field(columns.Path), Field(columns.Label), Field(columns.Split));
        return label.Length == 0 || photo.Length == 0
            ? throw new InvalidDatasetException(where, Fields, label.Length == 0 ? "no label" : "no path")
            : new ListedPhoto(line, photo, label, SplitWords.Find(split)
                ?? (split.Length == 0 ? DatasetSplits.None
                    : throw new InvalidDatasetException(where, "train, validation or test for the split", split)));

        string Field(int index) => index >= 0 && index < fields.Count ? fields[index].Trim() : "";
    }

    private sealed record ListedPhoto(int Line, string Path, string Label, DatasetSplits Split)
    {
        public DatasetSplits UsedFor => Split == DatasetSplits.None ? DatasetSplits.Train : Split;
    }
}
