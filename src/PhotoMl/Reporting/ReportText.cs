using System.Globalization;
using PhotoMl.Evaluation;

namespace PhotoMl.Reporting;

/// <summary>How figures and names read in a report.</summary>
internal static class ReportText
{
    public static string Number(double value)
    {
        if (!double.IsFinite(value) || value == Math.Round(value))
        {
            return value.ToString("N0", CultureInfo.InvariantCulture);
        }

        var digits = Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 8);
        return value.ToString($"N{digits}", CultureInfo.InvariantCulture);
    }

    public static string Percent(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture) + " %";

    /// <summary>A 95 % interval of shares.</summary>
    public static string Interval(ConfidenceInterval interval) =>
        $"95 % interval {Percent(interval.Low)} to {Percent(interval.High)}";

    public static string Shorten(string name, int mostLetters) => name.Length <= mostLetters ? name : name[..(mostLetters - 1)] + "…";
}
