namespace PhotoMl.Data;

/// <summary>The columns of a list that say of which split a photo is; it is for training where none says more.</summary>
/// <remarks>It is one column, whose values are words for splits (<see cref="SplitWords"/>): that named <c>split</c>, else the first whose
/// name speaks of splits; else those named <c>is_valid</c>, <c>test</c> and so on with values true and false; else the first whose values
/// have two meanings.</remarks>
internal sealed class CsvSplits
{
    private static readonly string[] Names = ["set", "subset", "usage", "phase", "partition", "dataset", "datatype"];

    private readonly List<(CsvColumn Column, Dictionary<string, DatasetSplits?> Meanings, Rank Rank)> _used;
    private readonly List<CsvColumn> _unused;

    public CsvSplits(IEnumerable<CsvColumn> columns)
    {
        var all = columns.Select(Describe).Where(column => column.Rank != Rank.None).OrderBy(column => column.Rank).ToList();
        var used = all.Count > 0 && all[0].Rank == Rank.Flag ? all.Count(column => column.Rank == Rank.Flag) : 1;
        _used = [.. all.Take(used).Where(column => column.Rank != Rank.Unclear)];
        _unused = [.. all.Skip(_used.Count).Select(column => column.Column)];
    }

    // In the order in which they are believed.
    private enum Rank
    {
        Split,
        Name,
        Flag,
        Values,
        Unclear,
        None,
    }

    /// <summary>A sentence for each column that seems to be of splits and is not used.</summary>
    public IEnumerable<string> Remarks => _unused.Select(column => $"The column \"{column.Name}\" of the list is not used: "
        + (_used.Count > 0 ? $"the splits are those of \"{_used[0].Column.Name}\"."
            : $"its values, such as {column.Distinct.First()}, are not train, validation and test."));

    public bool Has(CsvColumn column) => _unused.Contains(column) || _used.Exists(used => used.Column == column);

    /// <summary>Finds the split of a photo: what one column holds out is not for training, whatever others say.</summary>
    public DatasetSplits Find(Func<int, string> field, string where)
    {
        var found = _used.Select(used => (Value: field(used.Column.Index), used.Meanings)).Where(used => !CsvColumn.IsMissing(used.Value))
            .Select(used => used.Meanings[used.Value]
                ?? throw new InvalidDatasetException(where, "train, validation or test for the split", used.Value)).ToList();
        return found.Where(split => split > DatasetSplits.Train).DefaultIfEmpty(found.FirstOrDefault()).Min();
    }

    private static (CsvColumn Column, Dictionary<string, DatasetSplits?> Meanings, Rank Rank) Describe(CsvColumn column)
    {
        var flag = SplitWords.Find(column.Key.StartsWith("is", StringComparison.Ordinal) ? column.Key[2..] : column.Key);
        var isFlag = flag is not null && column.Key != "valid" && column.Distinct.All(value => IsTrue(value) is not null);
        var meanings = column.Distinct.ToDictionary(value => value, value => !isFlag ? SplitWords.Find(value)
            : IsTrue(value) == true ? flag : flag == DatasetSplits.Train ? DatasetSplits.Test : DatasetSplits.Train);
        var (count, isNamed) = (meanings.Values.OfType<DatasetSplits>().Distinct().Count(), flag is not null || IsName(column.Key));
        var rank = meanings.Count == 0 ? Rank.None
            : column.Key == "split" ? Rank.Split
            : isFlag ? Rank.Flag
            : isNamed ? count > 0 ? Rank.Name : Rank.Unclear
            : count < 2 ? Rank.None
            : meanings.ContainsValue(null) ? Rank.Unclear : Rank.Values;
        return (column, meanings, rank);
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
