namespace PhotoMl.Data;

/// <summary>Which fields of a list's lines are the path, the label and the splits of a photo.</summary>
internal sealed record CsvColumns(int Path, int Label, CsvSplits Splits, ListedPaths Paths)
{
    private static readonly string[] PathNames =
    [
        "path", "filepath", "imagepath", "imgpath", "photopath", "file", "filename", "imagefile", "imagefilename", "imagename", "imgname",
        "image", "img", "photo", "imageid", "imgid", "photoid", "id",
    ];

    private static readonly string[] LabelNames =
        ["classname", "labelname", "label", "labels", "class", "category", "target", "tag", "species", "breed", "dx", "cls"];

    /// <summary>How many columns the first line names; 0 where it names none.</summary>
    public int Named { get; private init; }

    /// <summary>What is to be known of the columns, a sentence each.</summary>
    public IEnumerable<string> Remarks { get; private init; } = [];

    /// <summary>Finds the columns that the first line names, in any order and case; else they are path, label and perhaps split.</summary>
    /// <remarks>The path is the column of which most values are files, and of several the one with a known name. The label has a known
    /// name, or is the only one left beside splits, measures and what differs in all lines.</remarks>
    /// <exception cref="InvalidDatasetException">The line names a path, but not which of the others the label is.</exception>
    public static CsvColumns Find(IReadOnlyList<IReadOnlyList<string>> lines, NamedFiles files, string where)
    {
        var rows = lines.Where(line => !line.SequenceEqual(lines[0])).ToList(); // lists may be joined with their names
        var columns = lines[0].Select((name, index) => Column(index, name, rows)).Where(column => !column.IsIndex).ToList();
        var (path, paths) = FindPath(columns.FindAll(column => !IsLabel(column)), files);
        if (path is null || !IsHeader(columns, path, paths!))
        {
            return new CsvColumns(0, 1, new CsvSplits([Column(2, "split", lines)]), new ListedPaths(files, Column(0, "", lines).Values));
        }

        columns.Remove(path);
        var splits = new CsvSplits(columns.FindAll(column => !IsLabel(column)));
        var label = FindLabel(columns.FindAll(column => !splits.Has(column)), where);
        var remark = $"The list has its paths in the column \"{path.Name}\" and its labels in \"{label.Name}\".";
        return new CsvColumns(path.Index, label.Index, splits, paths!)
        {
            Named = lines[0].Count,
            Remarks = IsPath(path) && columns.FindAll(IsLabel).Count == 1 ? splits.Remarks : splits.Remarks.Prepend(remark),
        };

        static CsvColumn Column(int index, string name, IEnumerable<IReadOnlyList<string>> rows) =>
            new(index, name, [.. rows.Select(row => index < row.Count ? row[index].Trim() : "")]);
    }

    // Numbers may be found too, where files have them for names.
    private static (CsvColumn? Column, ListedPaths? Paths) FindPath(List<CsvColumn> columns, NamedFiles files)
    {
        var all = columns.Select(column => (Column: column, Paths: new ListedPaths(files, column.Values), Order: OrderOf(column)))
            .OrderBy(path => path.Order).ToList();
        var found = all.FindAll(path => path.Paths.IsAsWritten);
        found = found.Count > 0 ? found : all.FindAll(path => path.Paths.AreFound
            && (IsPath(path.Column) || 2 * path.Column.Distinct.Count > path.Column.Values.Count));
        var (column, paths, _) = found.Concat(all.Where(path => IsPath(path.Column))).FirstOrDefault();
        return (column, paths);

        static (bool, uint) OrderOf(CsvColumn column) =>
            (!column.Distinct.Any(ImageFiles.HasImageName), (uint)Array.IndexOf(PathNames, column.Key)); // -1 comes last
    }

    // What may be the line of a photo is no line of names.
    private static bool IsHeader(List<CsvColumn> columns, CsvColumn path, ListedPaths paths)
    {
        var hasLabel = columns.Exists(IsLabel);
        if (hasLabel && IsPath(path))
        {
            return true;
        }

        var isPhoto = paths.IsAsWritten ? File.Exists(paths.PathOf(path.Name)) : paths.Find(path.Name).Count > 0;
        var isLikeRows = columns.Exists(column => column.Distinct.Contains(column.Name))
            || (path.IsNumeric && int.TryParse(path.Name, out _));
        return !isPhoto && (IsPath(path) || !isLikeRows)
            && !columns.Exists(column => (column == path || !hasLabel) && !IsPath(column) && column.Name.IndexOfAny(['.', '/', '\\']) >= 0);
    }

    private static CsvColumn FindLabel(List<CsvColumn> columns, string where)
    {
        var left = columns.FindAll(IsLabel);
        Predicate<CsvColumn>[] areOther = left.Count > 0 ? [column => column.IsNumeric] : [IsPath, column => column.IsOther];
        left = left.Count > 0 ? left : columns;
        foreach (var isOther in areOther)
        {
            var rest = left.FindAll(column => !isOther(column));
            left = left.Count > 1 && rest.Count > 0 ? rest : left;
        }

        var isOne = left is [var only] && !(IsPath(only) && only.IsNumeric && only.Distinct.Count == only.Values.Count); // no index
        return isOne ? left[0] : throw new InvalidDatasetException(
            where,
            "one column for the label (label, class, category, target, tag or class_name)",
            left.Count < 2 ? "none" : $"{string.Join(", ", left.Select(column => column.Name))}; rename the right one to label");
    }

    private static bool IsPath(CsvColumn column) => PathNames.Contains(column.Key);

    private static bool IsLabel(CsvColumn column) => LabelNames.Contains(column.Key);
}
