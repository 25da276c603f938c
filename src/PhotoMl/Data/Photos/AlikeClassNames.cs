using System.Globalization;

namespace PhotoMl.Data;

/// <summary>Finds spellings of one class name.</summary>
/// <remarks>Names are one class that are equal once composed (NFC), without invisible characters, and with single spaces, none at the ends.
/// So are those that differ in case, unless a split has both: letters may be classes.</remarks>
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
                .Select(all => $"{all.Count} spellings are one class, {Quote(all[..1])}: {Quote(all)}."));
            if (hasBoth)
            {
                remarks.Add($"{classes.Count} classes differ in case only: {Quote(classes.Select(all => all[0]))}.");
            }
        }

        return (spellings, remarks);
    }

    /// <summary>The name composed, without invisible characters, and with single spaces.</summary>
    public static string Clean(string name) => string.Join(' ', ComposedText.Of(string.Concat(name.Where(letter => !IsInvisible(letter))))
        .Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    // Marks of direction, joiners and other formats, variation selectors, and letters without a picture.
    private static bool IsInvisible(char letter) => char.GetUnicodeCategory(letter) == UnicodeCategory.Format
        || letter is '\u034F' or '\u115F' or '\u1160' or '\u2800' or '\u3164' or '\uFFA0' or (>= '\uFE00' and <= '\uFE0F');

    private static string Quote(IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => $"\"{string.Concat(name.Select(Show))}\""));

    // What cannot be seen is given by its number, but not the joiners of emoji.
    private static string Show(char letter) => letter is not (' ' or '\u200D' or '\uFE0F')
        && (IsInvisible(letter) || char.IsWhiteSpace(letter)) ? $"\\u{(int)letter:X4}" : $"{letter}";
}
