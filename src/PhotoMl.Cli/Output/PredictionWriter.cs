using System.Globalization;
using PhotoMl.Data;
using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>Writes predictions one by one, as they come.</summary>
internal sealed class PredictionWriter(TextWriter output, IReadOnlyList<ImageFileEntry> files, IReadOnlyList<string> labels, int top, PredictionFormat format)
{
    private const int LongestPath = 40;

    private readonly int _pathWidth = Math.Min(LongestPath, files.Max(file => file.Path.Length));
    private readonly int _labelWidth = labels.Max(label => label.Length);

    /// <summary>Writes what comes before all predictions: of a CSV file the names of its columns.</summary>
    public void WriteHeader()
    {
        if (format == PredictionFormat.Csv)
        {
            var others = Enumerable.Range(2, Shown - 1).SelectMany(rank => new[] { $"label_{rank}", $"probability_{rank}" });
            CsvLine.Write(output, ["path", "label", "probability", .. others, "error"]);
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
            output.WriteLine(prediction.Problem is { } problem ? $"{prediction.Path}  unreadable: {problem}" : $"{path}  {Describe(prediction)}");
        }
    }

    private int Shown => Math.Min(top, labels.Count);

    private IEnumerable<string> ToCsv(ImagePrediction prediction) => prediction.Problem is { } problem
        ? [prediction.Path, .. Enumerable.Repeat("", 2 * Shown), problem]
        : [prediction.Path, .. prediction.Ranking.Take(Shown).SelectMany(label => new[] { label.Label, label.Probability.ToString("R", CultureInfo.InvariantCulture) }), ""];

    private string Describe(ImagePrediction prediction)
    {
        var best = prediction.Ranking[0];
        var others = prediction.Ranking.Skip(1).Take(top - 1).Select(label => $"{label.Label} {Text.Percent(label.Probability)}").ToArray();
        return $"{best.Label.PadRight(_labelWidth)}  {Text.Percent(best.Probability),8}" + (others.Length > 0 ? $"  ({string.Join(", ", others)})" : "");
    }

    private object ToJson(ImagePrediction prediction) => prediction.Problem is { } problem
        ? new { prediction.Path, Error = problem }
        : new
        {
            prediction.Path,
            prediction.Ranking[0].Label,
            prediction.Ranking[0].Probability,
            Top = prediction.Ranking.Take(top),
        };
}
