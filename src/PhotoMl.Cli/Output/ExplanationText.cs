using PhotoMl.Explanation;

namespace PhotoMl.Cli.Output;

/// <summary>Explanations for people: a table, and in words which maps are not faithful.</summary>
/// <param name="results">The images.</param>
/// <param name="isClassGiven">Whether a class was asked for, in place of each image's own.</param>
internal sealed class ExplanationText(
    IReadOnlyList<(string Path, ImageExplanation? Explanation, string? Problem)> results, bool isClassGiven)
{
    private const int LongestPath = 18;
    private const int LongestLabel = 11;
    private const int Width = 80;
    private const double GapWorthMentioning = 0.05;

    private readonly ImageExplanation[] _photos = [.. results.Select(result => result.Explanation).OfType<ImageExplanation>()];

    /// <summary>Writes what was found.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="model">The model.</param>
    /// <param name="output">The picture.</param>
    public void Write(TextWriter writer, string model, string output)
    {
        if (_photos.Length > 0)
        {
            var first = _photos[0];
            writer.WriteLine($"Model    {Text.Printable(model)}");
            writer.WriteLine(
                $"Method   {Values.Word(first.Method)}{(first.Layer is { } layer ? $" at {layer}" : "")}, for "
                + $"{(isClassGiven ? Text.Printable(first.Class) : "the predicted class of each image")}");
            writer.WriteLine($"Picture  {Text.Printable(output)}");
            writer.WriteLine();
            Table().Write(writer);
            foreach (var line in Remarks().SelectMany(remark => Text.Wrap(remark, Width).Prepend("")))
            {
                writer.WriteLine(line);
            }
        }

        foreach (var result in results.Where(result => result.Problem is not null))
        {
            writer.WriteLine($"{Text.Printable(result.Path)}  unreadable: {Text.Printable(result.Problem!)}");
        }
    }

    private TextTable Table()
    {
        var table = new TextTable(
            "Image", "Predicted", isClassGiven ? $">{Name(_photos[0].Class)}" : ">Probability", ">Deletion", ">Insertion", "Better in");
        foreach (var photo in _photos)
        {
            table.Add(
                Name(photo),
                Name(photo.Predicted),
                Text.Percent(photo.Probabilities[photo.Label]),
                Figure(photo.Faithfulness?.Deletion, photo.Faithfulness?.RandomDeletion),
                Figure(photo.Faithfulness?.Insertion, photo.Faithfulness?.RandomInsertion),
                Better(photo.Faithfulness));
        }

        return table;
    }

    private IEnumerable<string> Remarks()
    {
        if (_photos[0].Faithfulness is not null)
        {
            yield return "Deletion (lower is better) and insertion (higher is better): how probable the class stays while what the map "
                + "marks is removed, or inserted, first. "
                + "In parentheses the mean of random maps that are as smooth; better is by more than their standard deviation.";
            var doubtful = _photos.Where(photo => photo.Faithfulness is { IsDeletionBetter: false, IsInsertionBetter: false }).ToList();
            if (doubtful.Count > 0)
            {
                yield return $"Better than random maps in neither: {List(doubtful)}. Another --method or --layer may do better.";
            }
        }

        var empty = _photos.Where(photo => photo.Heatmap.IsUniform).ToList();
        if (empty.Count > 0)
        {
            yield return $"The map marks nothing: {List(empty)}. Another --method or --layer may.";
        }

        if (_photos.Max(photo => photo.Completeness?.Gap) is { } gap)
        {
            yield return "The attributions of all pixels add up to the difference of logits that they explain to within "
                + $"{Text.Percent(gap)}{(gap > GapWorthMentioning ? "; take more --steps" : "")}.";
        }
    }

    private string List(List<ImageExplanation> some) =>
        $"{string.Join(", ", some.Take(3).Select(Name))}{(some.Count > 3 ? ", ..." : "")} ({some.Count:N0} of {_photos.Length:N0})";

    private static string Name(ImageExplanation photo) => Text.ShortenPath(Text.Printable(photo.Path), LongestPath);

    private static string Name(string label) => Text.Shorten(Text.Printable(label), LongestLabel);

    private static string Figure(double? value, double? random) => value is null ? "" : $"{value:F3} ({random:F3})";

    private static string Better(Faithfulness? figures) => figures switch
    {
        null => "",
        { IsDeletionBetter: true, IsInsertionBetter: true } => "both",
        { IsDeletionBetter: true } => "deletion",
        { IsInsertionBetter: true } => "insertion",
        _ => "neither",
    };
}
