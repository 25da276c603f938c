using PhotoMl.Data;
using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>Writes predictions one by one, as they come.</summary>
/// <remarks>Where a coverage is given, so are the prediction sets: to people instead of the label, to programs beside it.</remarks>
internal sealed class PredictionWriter(
    TextWriter output, IReadOnlyList<ImageFileEntry> files, IReadOnlyList<string> labels, int top, double? coverage)
{
    private const int LongestPath = 40;

    private readonly int _pathWidth = Math.Min(LongestPath, files.Max(file => file.Path.Length));
    private readonly string _unsure = UnsureBeside(labels);
    private readonly int _labelWidth = Math.Max(labels.Max(label => Shorten(label).Length), coverage is null ? 0 : Unsure.Length);

    /// <summary>What an image is called that a model is unsure of, where no class has the name.</summary>
    public const string Unsure = "unsure";

    /// <summary>A name that no class has, nor differs from only in the case of its letters, as file systems may not tell them
    /// apart.</summary>
    public static string UnsureBeside(IReadOnlyCollection<string> classes) =>
        Enumerable.Range(2, classes.Count + 1).Select(number => $"{Unsure}-{number}").Prepend(Unsure)
            .First(name => !classes.Contains(name, StringComparer.OrdinalIgnoreCase));

    public void WriteJson(ImagePrediction prediction) => JsonLine.Write(output, prediction switch
    {
        { Problem: { } problem } => new { prediction.Path, Error = problem },
        { Set: { } set, Ranking: [var best, ..] ranking } => new
        {
            Set = set,
            Unsure = prediction.IsUnsure,
            Coverage = coverage!.Value,
            prediction.Path,
            best.Label,
            best.Probability,
            Top = ranking.Take(top),
        },
        { Ranking: var ranking } => new { prediction.Path, ranking[0].Label, ranking[0].Probability, Top = ranking.Take(top) },
    });

    public void WriteCsvHeader()
    {
        var others = Enumerable.Range(2, Shown - 1).SelectMany(rank => new[] { $"label_{rank}", $"probability_{rank}" });
        CsvLine.Write(
            output, ["path", "label", "probability", .. others, "error", .. coverage is null ? Array.Empty<string>() : ["set", "unsure"]]);
    }

    public void WriteCsv(ImagePrediction prediction) => CsvLine.Write(output, prediction.Problem is { } problem
        ? [prediction.Path, .. Enumerable.Repeat("", 2 * Shown), problem, .. coverage is null ? Array.Empty<string>() : ["", ""]]
        :
        [
            prediction.Path,
            .. prediction.Ranking.Take(Shown).SelectMany(label => new[] { label.Label, $"{label.Probability:R}" }),
            "",
            .. prediction.Set is not { } set ? Array.Empty<string>() : [string.Join(';', set), prediction.IsUnsure ? "true" : "false"],
        ]);

    public void WriteText(ImagePrediction prediction)
    {
        var path = Text.ShortenPath(prediction.Path, _pathWidth).PadRight(_pathWidth);
        output.WriteLine(Text.Printable(prediction.Problem is { } problem ? $"{prediction.Path}  unreadable: {problem}" : $"{path}  "
            + $"{Describe(prediction)}"));
    }

    private static string Shorten(string label) => Text.Shorten(label, ClassTable.LongestName);

    private int Shown => Math.Min(top, labels.Count);

    private string Describe(ImagePrediction prediction)
    {
        var ranking = prediction.Ranking.Take(top).Select(label => $"{Shorten(label.Label)} {Text.Percent(label.Probability)}").ToArray();
        if (prediction.Set is { } set)
        {
            var labels = prediction.IsUnsure ? _unsure : string.Join(" or ", set.Select(Shorten));
            return $"{labels.PadRight(_labelWidth)}  ({string.Join(", ", ranking)})";
        }

        var best = prediction.Ranking[0];
        return $"{Shorten(best.Label).PadRight(_labelWidth)}  {Text.Percent(best.Probability),8}"
            + (ranking.Length > 1 ? $"  ({string.Join(", ", ranking[1..])})" : "");
    }
}
