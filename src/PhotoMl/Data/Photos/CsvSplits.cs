namespace PhotoMl.Data;

/// <summary>The columns of a list that say of which split a photo is; it is for training where none says more.</summary>
/// <remarks>Their values are words for splits (<see cref="SplitWords"/>), with two meanings or with a name that speaks of splits; or their
/// names are such as <c>is_valid</c> and <c>test</c>, and their values true and false.</remarks>
internal sealed class CsvSplits
{
    private static readonly string[] Names = ["set", "subset", "usage", "phase", "partition", "dataset", "datatype"];

    private readonly List<(int Index, Dictionary<string, DatasetSplits?> Meanings)> _used = [];
    private readonly List<CsvColumn> _unused = [];

    public CsvSplits(IReadOnlyList<CsvColumn> columns)
    {
        foreach (var column in columns)
        {
            var flag = SplitWords.Find(column.Key.StartsWith("is", StringComparison.Ordinal) ? column.Key[2..] : column.Key);
            var isFlag = flag is not null && column.Key != "valid" && column.Distinct.All(value => IsTrue(value) is not null);
            var meanings = column.Distinct.ToDictionary(value => value, value => !isFlag ? SplitWords.Find(value)
                : IsTrue(value) == true ? flag : flag == DatasetSplits.Train ? DatasetSplits.Test : DatasetSplits.Train);
            var (count, isNamed) = (meanings.Values.OfType<DatasetSplits>().Distinct().Count(), flag is not null || IsName(column.Key));
            if (column.Key == "split" || (isNamed ? count > 0 : count > 1 && !meanings.ContainsValue(null)))
            {
                _used.Add((column.Index, meanings));
            }
            else if (isNamed ? meanings.Count > 0 : count > 1)
            {
                _unused.Add(column);
            }
        }
    }

    /// <summary>A sentence for each column that seems to be of splits and is not used.</summary>
    public IEnumerable<string> Remarks => _unused.Select(column => $"The column \"{column.Name}\" of the list is not used: its values, "
        + $"such as {column.Distinct.First()}, are not train, validation and test.");

    public bool Has(CsvColumn column) => _unused.Contains(column) || _used.Exists(used => used.Index == column.Index);

    /// <summary>Finds the split of a photo: what one column holds out is not for training, whatever others say.</summary>
    public DatasetSplits Find(Func<int, string> field, string where)
    {
        var found = _used.Where(used => !CsvColumn.IsMissing(field(used.Index))).Select(used => used.Meanings[field(used.Index)]
            ?? throw new InvalidDatasetException(where, "train, validation or test for the split", field(used.Index))).ToList();
        return found.Where(split => split > DatasetSplits.Train).DefaultIfEmpty(found.FirstOrDefault()).Min();
    }

    private static bool IsName(string key) => Names.Contains(key) || key.EndsWith("split", StringComparison.Ordinal)
        || key.TrimEnd([.. "0123456789"]).EndsWith("fold", StringComparison.Ordinal);

    private static bool? IsTrue(string value) => value.ToLowerInvariant() switch
    {
        "true" or "t" or "yes" or "y" or "1" or "1.0" => true,
        "false" or "f" or "no" or "n" or "0" or "0.0" => false,
        _ => null,
    };
}
