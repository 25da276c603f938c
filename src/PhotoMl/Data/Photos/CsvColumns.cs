namespace PhotoMl.Data;

/// <summary>Which fields of a list's lines are the path, the label and the split of a photo; -1 where there is none.</summary>
internal sealed record CsvColumns(int Path, int Label, int Split, int Count)
{
    private static readonly string[] PathNames =
    [
        "path", "filepath", "imagepath", "imgpath", "photopath", "file", "filename", "imagefile", "imagefilename", "imagename", "imgname",
        "image", "img", "photo", "imageid", "imgid", "photoid", "id",
    ];

    private static readonly string[] LabelNames = ["classname", "labelname", "label", "labels", "class", "category", "target", "tag"];
    private static readonly string[] SplitNames = ["split", "set", "subset", "usage"];

    /// <summary>The columns of a list that has no line of names: path, label and perhaps split.</summary>
    public static CsvColumns Unnamed { get; } = new(0, 1, 2, 3);

    /// <summary>Finds the columns that a line names, in any order and case; null where it names none.</summary>
    /// <remarks>Of two columns, the one that is not the path is the label.</remarks>
    /// <exception cref="InvalidDatasetException">The line names a path, but not which of the others the label is.</exception>
    public static CsvColumns? Find(IReadOnlyList<string> fields, string where)
    {
        var names = fields.Select(Simplify).ToList();
        var (path, label, split) = (IndexOf(PathNames), IndexOf(LabelNames), IndexOf(SplitNames));
        if (path < 0 || (label < 0 && fields.Any(field => field.AsSpan().ContainsAny('.', '/', '\\')))) // a photo, of the class "image"
        {
            return null;
        }

        // The index is pandas'.
        var others = names.Index().Where(name => name.Index != split && !PathNames.Contains(name.Item)
            && !(name.Item is "" or "index" || name.Item.StartsWith("unnamed", StringComparison.Ordinal))).ToList();
        var labels = label < 0 ? others : others.FindAll(name => name.Item == names[label]);
        const string Expected = "one column for the label (label, class, category, target, tag or class_name)";
        return labels is [var only] ? new CsvColumns(path, only.Index, split, names.Count) : throw new InvalidDatasetException(
            where, Expected, labels.Count == 0 ? "none" : string.Join(", ", labels.Select(name => fields[name.Index].Trim())));

        int IndexOf(string[] known) => known.Select(name => names.IndexOf(name)).FirstOrDefault(index => index >= 0, -1);
    }

    private static string Simplify(string name) =>
        string.Concat(name.Where(c => c is not ('_' or '-') && !char.IsWhiteSpace(c))).ToLowerInvariant();
}
