using System.Globalization;

namespace PhotoMl.Data;

/// <summary>A column of a list: its name, and its values in the lines below.</summary>
internal sealed class CsvColumn(int index, string name, IReadOnlyList<string> values)
{
    private const int FewestLines = 3;
    private const int MostNumbers = 20;

    public int Index => index;
    public string Name { get; } = name.Trim();

    /// <summary>The name in small letters without what divides words.</summary>
    public string Key { get; } = string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    public IReadOnlyList<string> Values => values;
    public IReadOnlySet<string> Distinct => field ??= values.Where(value => !IsMissing(value)).ToHashSet();
    public bool IsNumeric => Distinct.All(value => double.TryParse(value, CultureInfo.InvariantCulture, out _));

    /// <summary>Whether the column numbers the lines, as pandas and R write it.</summary>
    public bool IsIndex => (Key is "" or "index" || Key.StartsWith("unnamed", StringComparison.Ordinal)) && IsNumeric;

    /// <summary>Whether the values are too many to be classes: all different, or numbers that measure something.</summary>
    public bool IsOther => (values.Count >= FewestLines && Distinct.Count == values.Count)
        || (IsNumeric && (Distinct.Count > MostNumbers || Distinct.Any(value => value.Contains('.') && !value.TrimEnd('0').EndsWith('.'))));

    /// <summary>Whether a field has nothing, or what programs write for that; <c>NA</c> and <c>none</c> may be classes.</summary>
    public static bool IsMissing(string value) => value is "" or "NaN" or "nan" or "<NA>" or "null" or "NULL" or "None" or "#N/A";
}
