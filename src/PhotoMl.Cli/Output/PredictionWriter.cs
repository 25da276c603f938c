using PhotoMl.Data;
using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>Writes predictions one by one, as they come.</summary>
internal sealed class PredictionWriter(TextWriter output, IReadOnlyList<ImageFileEntry> files, IReadOnlyList<string> labels, int top, bool asJson)
{
    private const int LongestPath = 40;

    private readonly int _pathWidth = Math.Min(LongestPath, files.Max(file => file.Path.Length));
    private readonly int _labelWidth = labels.Max(label => label.Length);

    /// <summary>Writes one prediction.</summary>
    public void Write(ImagePrediction prediction)
    {
        if (asJson)
        {
            JsonLine.Write(output, ToJson(prediction));
        }
        else
        {
            var path = Text.ShortenPath(prediction.Path, _pathWidth).PadRight(_pathWidth);
            output.WriteLine(prediction.Problem is { } problem ? $"{prediction.Path}  unreadable: {problem}" : $"{path}  {Describe(prediction)}");
        }
    }

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
