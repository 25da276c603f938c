namespace PhotoMl.Data;

/// <summary>Finds spellings of one class name.</summary>
/// <remarks>Names that are equal once composed (NFC) and trimmed are one class. So are those that differ in case, unless a split has both:
/// letters may be classes.</remarks>
internal static class AlikeClassNames
{
    /// <summary>Gives each name the spelling of its class, the first one in training, and a sentence for each class with several.</summary>
    public static (IReadOnlyDictionary<string, string> Spellings, IReadOnlyList<string> Remarks) Merge(
        IEnumerable<(string Name, DatasetSplits Split)> names)
    {
        var (spellings, remarks) = (new Dictionary<string, string>(), new List<string>());
        var ordered = names.Distinct().OrderBy(name => name.Split).ThenBy(name => name.Name, StringComparer.Ordinal);
        foreach (var alike in ordered.GroupBy(name => Clean(name.Name).ToUpperInvariant()))
        {
            var hasBoth = alike.GroupBy(name => name.Split).Any(split => split.Select(name => Clean(name.Name)).Distinct().Count() > 1);
            var classes = alike.GroupBy(name => hasBoth ? Clean(name.Name) : "", name => name.Name)
                .Select(names => names.Distinct().ToList()).ToList();
            classes.ForEach(all => all.ForEach(name => spellings[name] = all[0]));
            remarks.AddRange(classes.Where(all => all.Count > 1)
                .Select(all => $"{all.Count} spellings are one class, \"{all[0]}\": {Quote(all)}."));
            if (hasBoth)
            {
                remarks.Add($"{classes.Count} classes differ in case only: {Quote(classes.Select(all => all[0]))}.");
            }
        }

        return (spellings, remarks);
    }

    private static string Clean(string name) => ComposedText.Of(name).Trim();

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
