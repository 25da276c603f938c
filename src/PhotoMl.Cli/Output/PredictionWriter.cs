using System.Globalization;
using PhotoMl.Data;
using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>Writes predictions one by one, as they come.</summary>
/// <remarks>Where a coverage is given, sets are told too: to people instead of the label, to programs beside it.</remarks>
internal sealed class PredictionWriter(
    TextWriter output, IReadOnlyList<ImageFileEntry> files, IReadOnlyList<string> labels, int top, PredictionFormat format, double? coverage = null)
{
    private const int LongestPath = 40;

    private readonly int _pathWidth = Math.Min(LongestPath, files.Max(file => file.Path.Length));
    private readonly string _unsure = Unsure.Beside(labels);
    private readonly int _labelWidth = Math.Max(labels.Max(label => label.Length), coverage is null ? 0 : Unsure.Name.Length);

    /// <summary>Writes what comes before all predictions: of a CSV file the names of its columns.</summary>
    public void WriteHeader()
    {
        if (format == PredictionFormat.Csv)
        {
            var others = Enumerable.Range(2, Shown - 1).SelectMany(rank => new[] { $"label_{rank}", $"probability_{rank}" });
            CsvLine.Write(output, ["path", "label", "probability", .. others, "error", .. coverage is null ? Array.Empty<string>() : ["set", "unsure"]]);
        }
    }

    /// <summary>Writes one prediction.</summary>
    public void Write(ImagePrediction prediction)
    {
        if (format == PredictionFormat.Json)
        {
            JsonLine.Write(output, ToJson(prediction));
        }
        else if (format == PredictionFormat.Csv)
        {
            CsvLine.Write(output, ToCsv(prediction));
        }
        else
        {
            var path = Text.ShortenPath(prediction.Path, _pathWidth).PadRight(_pathWidth);
            output.WriteLine(Text.Printable(prediction.Problem is { } problem ? $"{prediction.Path}  unreadable: {problem}" : $"{path}  {Describe(prediction)}"));
        }
    }

    private int Shown => Math.Min(top, labels.Count);

    private IEnumerable<string> ToCsv(ImagePrediction prediction) => prediction.Problem is { } problem
        ? [prediction.Path, .. Enumerable.Repeat("", 2 * Shown), problem, .. coverage is null ? Array.Empty<string>() : ["", ""]]
        :
        [
            prediction.Path,
            .. prediction.Ranking.Take(Shown).SelectMany(label => new[] { label.Label, label.Probability.ToString("R", CultureInfo.InvariantCulture) }),
            "",
            .. prediction.Set is not { } set ? Array.Empty<string>() : [string.Join(';', set), prediction.IsUnsure ? "true" : "false"],
        ];

    private string Describe(ImagePrediction prediction)
    {
        if (prediction.Set is { } set)
        {
            var likeliest = prediction.Ranking.Take(top).Select(label => $"{label.Label} {Text.Percent(label.Probability)}");
            return $"{(prediction.IsUnsure ? _unsure : string.Join(" or ", set)).PadRight(_labelWidth)}  ({string.Join(", ", likeliest)})";
        }

        var best = prediction.Ranking[0];
        var others = prediction.Ranking.Skip(1).Take(top - 1).Select(label => $"{label.Label} {Text.Percent(label.Probability)}").ToArray();
        return $"{best.Label.PadRight(_labelWidth)}  {Text.Percent(best.Probability),8}" + (others.Length > 0 ? $"  ({string.Join(", ", others)})" : "");
    }

    private object ToJson(ImagePrediction prediction) => prediction.Problem is { } problem
        ? new { prediction.Path, Error = problem }
        : prediction.Set is { } set ? new
        {
            prediction.Path,
            prediction.Ranking[0].Label,
            prediction.Ranking[0].Probability,
            Top = prediction.Ranking.Take(top),
            Set = set,
            Unsure = prediction.IsUnsure,
            Coverage = coverage,
        }
        : new
        {
            prediction.Path,
            prediction.Ranking[0].Label,
            prediction.Ranking[0].Probability,
            Top = prediction.Ranking.Take(top),
        };
}
