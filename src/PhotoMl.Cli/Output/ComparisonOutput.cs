using System.Globalization;
using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>What two classifiers are worth, for people, programs and spreadsheets.</summary>
/// <param name="result">The figures, and the data they are of.</param>
/// <param name="firstPath">The file of A.</param>
/// <param name="secondPath">The file of B.</param>
internal sealed class ComparisonOutput(EvaluationResult<ClassifierComparison> result, string firstPath, string secondPath)
{
    private const int LongestLabel = 12;
    private const int ShortestPath = 16;
    private const int WidestText = 100;

    private readonly ClassifierComparison _counts = result.Figures;
    private readonly IReadOnlyList<ImageDifference> _differences = result.Figures.Differences;

    /// <summary>Writes the figures, what they mean, and some of the images.</summary>
    public void WriteText(TextWriter output, int width, int show)
    {
        output.WriteLine($"A     {Text.Printable(firstPath)}");
        output.WriteLine($"B     {Text.Printable(secondPath)}");
        output.WriteLine($"Data  {Text.Printable(result.Title)}, {_counts.Images:N0} {result.Images}");
        output.WriteLine();
        Accuracies().Write(output);
        output.WriteLine();
        RightAndWrong().Write(output);
        output.WriteLine();
        var interval = _counts.DifferenceInterval;
        output.WriteLine($"B - A    {Points(_counts.Difference)} points (95 % interval {Points(interval.Low)} to {Points(interval.High)})");
        output.WriteLine($"McNemar  p = {_counts.P.ToString("G3", CultureInfo.InvariantCulture)} (mid-p)");
        output.WriteLine();
        foreach (var line in Text.Wrap(Verdict.Of(_counts), Math.Min(width, WidestText)))
        {
            output.WriteLine(line);
        }

        if (_differences.Count > 0)
        {
            output.WriteLine();
            var first = show < _differences.Count ? $"; the first {show:N0}" : "";
            output.WriteLine($"They take {Text.Count(_differences.Count, "image")} for different things{(show == 0 ? "." : $"{first}:")}");
            WriteDifferences(output, width, show);
        }
    }

    /// <summary>Writes all of it as one line of JSON.</summary>
    public void WriteJson(TextWriter output) => JsonLine.Write(output, new
    {
        Command = "compare",
        Data = result.Data,
        result.Split,
        Images = _counts.Images,
        First = ToJson(firstPath, result.Figures.First),
        Second = ToJson(secondPath, result.Figures.Second),
        BothRight = _counts.BothCorrect,
        _counts.OnlyFirst,
        _counts.OnlySecond,
        _counts.BothWrong,
        _counts.Difference,
        DifferenceLow = _counts.DifferenceInterval.Low,
        DifferenceHigh = _counts.DifferenceInterval.High,
        McnemarP = _counts.P,
        Verdict = Verdict.Of(_counts),
        Differences = _differences.Select(image => new
        {
            image.Index,
            image.Path,
            image.Label,
            FirstLabel = image.First.Label,
            FirstProbability = image.First.Probability,
            SecondLabel = image.Second.Label,
            SecondProbability = image.Second.Probability,
        }),
    });

    /// <summary>Writes the images on which they differ as records.</summary>
    public void WriteCsv(TextWriter output)
    {
        CsvLine.Write(output, ["index", "path", "label", "first_label", "first_probability", "second_label", "second_probability"]);
        foreach (var image in _differences)
        {
            CsvLine.Write(output, [$"{image.Index}", image.Path ?? "", image.Label, image.First.Label, Exact(image.First), image.Second.Label, Exact(image.Second)]);
        }

        static string Exact(ClassProbability prediction) => prediction.Probability.ToString("R", CultureInfo.InvariantCulture);
    }

    private static object ToJson(string path, ClassificationReport report) => new
    {
        Model = path,
        report.Accuracy,
        AccuracyLow = report.AccuracyInterval.Low,
        AccuracyHigh = report.AccuracyInterval.High,
        report.BalancedAccuracy,
        report.Loss,
    };

    private TextTable Accuracies()
    {
        var table = new TextTable("", ">Accuracy", ">95 % interval", ">Balanced", ">Loss");
        Add("A", result.Figures.First);
        Add("B", result.Figures.Second);
        return table;

        void Add(string name, ClassificationReport report)
        {
            var interval = report.AccuracyInterval;
            table.Add(name, Text.Percent(report.Accuracy), $"{100 * interval.Low:F2} to {100 * interval.High:F2} %", Text.Percent(report.BalancedAccuracy), $"{report.Loss:F4}");
        }
    }

    private TextTable RightAndWrong()
    {
        var table = new TextTable("", ">B right", ">B wrong");
        table.Add("A right", $"{_counts.BothCorrect:N0}", $"{_counts.OnlyFirst:N0}");
        table.Add("A wrong", $"{_counts.OnlySecond:N0}", $"{_counts.BothWrong:N0}");
        return table;
    }

    private void WriteDifferences(TextWriter output, int width, int show)
    {
        var rows = _differences.Take(show)
            .Select(image => new[] { Name(image.Label), Name(image.First.Label), Text.Percent(image.First.Probability), Name(image.Second.Label), Text.Percent(image.Second.Probability) })
            .ToArray();
        var rest = new TextTable("Class", "A says", ">", "B says", ">");
        foreach (var row in rows)
        {
            rest.Add(row);
        }

        var longest = Math.Max(ShortestPath, width - rest.Width - 2);
        var table = new TextTable(_differences.Any(image => image.Path is not null) ? "Photo" : ">Image", "Class", "A says", ">", "B says", ">");
        foreach (var (image, row) in _differences.Zip(rows))
        {
            table.Add([image.Path is { } path ? Text.ShortenPath(path, longest) : $"{image.Index}", .. row]);
        }

        if (rows.Length > 0)
        {
            output.WriteLine();
            table.Write(output);
        }

        static string Name(string label) => Text.Shorten(label, LongestLabel);
    }

    private static string Points(double difference) => (100 * difference).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
}
