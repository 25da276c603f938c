using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>A comparison of two classifiers, for people and spreadsheets.</summary>
internal sealed class ComparisonText(EvaluationResult<ClassifierComparison> result, int width)
{
    private const int LongestLabel = 12;
    private const int ShortestPath = 16;

    // The difference is called significant below this p.
    private const double Level = 0.05;

    private readonly ClassifierComparison _figures = result.Figures;

    /// <summary>Writes the figures, what they mean, and some of the images.</summary>
    public void Write(TextWriter output, string firstPath, string secondPath, int show)
    {
        output.WriteLine($"A     {Text.Printable(firstPath)}");
        output.WriteLine($"B     {Text.Printable(secondPath)}");
        output.WriteLine($"Data  {Text.Printable(result.Title)}, {_figures.Images:N0} {result.Images}");
        output.WriteLine();
        var accuracies = new TextTable("", ">Accuracy", ">95 % interval", ">Balanced", ">Loss");
        foreach (var (name, report) in new[] { ("A", _figures.First), ("B", _figures.Second) })
        {
            var (low, high) = (100 * report.AccuracyInterval.Low, 100 * report.AccuracyInterval.High);
            accuracies.Add(
                name, Text.Percent(report.Accuracy), $"{low:F2} to {high:F2} %",
                Text.Percent(report.BalancedAccuracy), $"{report.Loss:F4}");
        }

        accuracies.Write(output);
        Text.WriteWrapped(output, _figures.First.DescribeAbsentClasses(result.Images), width);
        output.WriteLine();
        var rightAndWrong = new TextTable("", ">B right", ">B wrong");
        rightAndWrong.Add("A right", $"{_figures.BothCorrect:N0}", $"{_figures.OnlyFirst:N0}");
        rightAndWrong.Add("A wrong", $"{_figures.OnlySecond:N0}", $"{_figures.BothWrong:N0}");
        rightAndWrong.Write(output);
        output.WriteLine();
        var interval = _figures.DifferenceInterval;
        output.WriteLine(
            $"B - A    {Points(_figures.Difference)} points (95 % interval {Points(interval.Low)} to {Points(interval.High)})");
        output.WriteLine($"McNemar  p = {_figures.P:G3} (mid-p)");
        output.WriteLine();
        Text.WriteWrapped(output, Verdict(_figures), width);
        if (_figures.Differences is { Count: > 0 } differences)
        {
            output.WriteLine();
            output.WriteLine(
                "Images on which they differ: "
                + $"{differences.Count:N0}{(show == 0 ? "" : show < differences.Count ? $"; the first {show:N0}:" : ":")}");
            WriteDifferences(output, [.. differences.Take(show)]);
        }
    }

    /// <summary>Writes the images on which they differ as records.</summary>
    public static void WriteCsv(TextWriter output, IEnumerable<ImageDifference> differences)
    {
        CsvLine.Write(output, ["index", "path", "label", "first_label", "first_probability", "second_label", "second_probability"]);
        foreach (var image in differences)
        {
            var (first, second) = (image.First, image.Second);
            CsvLine.Write(
                output, [$"{image.Index}", image.Path ?? "", image.Label, first.Label, Exact(first), second.Label, Exact(second)]);
        }

        static string Exact(ClassProbability prediction) => $"{prediction.Probability:R}";
    }

    /// <summary>Which is better, in a sentence.</summary>
    /// <remarks>A p-value is how often chance makes such a difference between classifiers that are equally good; it is not how probable it
    /// is that they are.</remarks>
    public static string Verdict(ClassifierComparison figures)
    {
        if (figures.OnlyFirst == figures.OnlySecond)
        {
            return $"No difference: they are right on {(figures.OnlyFirst == 0 ? "the same" : "equally many")} images.";
        }

        var better = figures.OnlyFirst > figures.OnlySecond ? "A" : "B";
        var cases = figures.P switch
        {
            < 0.001 => "fewer than 1 of 1,000",
            < 0.0095 => $"{1000 * figures.P:F0} of 1,000",
            _ => $"{100 * figures.P:F0} of 100",
        };
        return $"{(figures.P < Level ? $"{better} is better" : "No significant difference")}: two equally good classifiers differ this "
            + $"much or more by chance in {cases} such comparisons.";
    }

    private void WriteDifferences(TextWriter output, IReadOnlyList<ImageDifference> images)
    {
        // The path gets what room the rest leaves.
        var rest = Table(_ => "");
        var longest = Math.Max(ShortestPath, width - rest.Width - 2);
        if (images.Count > 0)
        {
            output.WriteLine();
            Table(image => image.Path is { } path ? Text.ShortenPath(path, longest) : $"{image.Index}").Write(output);
        }

        TextTable Table(Func<ImageDifference, string> name)
        {
            var table = new TextTable(
                images.Any(image => image.Path is not null) ? "Photo" : ">Image", "Class", "A predicts", ">", "B predicts", ">");
            foreach (var image in images)
            {
                table.Add(
                    name(image), Label(image.Label), Label(image.First.Label), Text.Percent(image.First.Probability),
                    Label(image.Second.Label), Text.Percent(image.Second.Probability));
            }

            return table;
        }

        static string Label(string label) => Text.Shorten(label, LongestLabel);
    }

    private static string Points(double difference) => $"{100 * difference:+0.00;-0.00;0.00}";
}
