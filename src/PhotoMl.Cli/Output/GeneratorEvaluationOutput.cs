using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Output;

/// <summary>What <c>photoml evaluate</c> prints of a generator.</summary>
internal sealed class GeneratorEvaluationOutput(Generator generator, EvaluationResult<GeneratorEvaluation> result, long seed)
{
    private const int HashDigits = 12;

    private readonly GeneratorEvaluation _report = result.Figures;

    /// <summary>Writes it for people or for programs.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="asJson">Whether for programs.</param>
    public void Write(TextWriter output, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(output, ToJson());
            return;
        }

        var from = _report.Classifier ?? "trained for this";
        output.WriteLine($"Model      {Text.Printable(generator.ModelPath)} ({generator.Hash[..HashDigits]})");
        output.WriteLine($"Data       {Text.Printable(result.Title)}");
        output.WriteLine($"Classifier {_report.ClassifierHash[..HashDigits]}, {Text.Printable(from)}");
        output.WriteLine($"           {Text.Percent(_report.ClassifierAccuracy)} of test images right");
        output.WriteLine($"Images     {_report.GeneratedImages:N0} generated (seed {seed}) against {_report.ReferenceImages:N0} test images");
        output.WriteLine();
        Figures().Write(output);
        output.WriteLine();
        output.WriteLine("Real: the same for real training images, which a perfect generator would reach.");
        output.WriteLine();
        output.WriteLine("Generated images by class:");
        WriteShares(output);
        if (_report.AccuracyScore is { } score)
        {
            output.WriteLine($"Accuracy score  {Text.Percent(score.Accuracy)} of test images right ({Text.Interval(score.AccuracyInterval)})");
            output.WriteLine("                by a classifier trained on generated images only");
        }

        if (result.Output is { } page)
        {
            output.WriteLine($"Report     {Text.Printable(page)}");
        }
    }

    private void WriteShares(TextWriter output)
    {
        const int InALine = 4;
        foreach (var line in _report.ClassShares.Chunk(InALine))
        {
            output.WriteLine($"  {string.Concat(line.Select(share => $"{Text.Shorten(Text.Printable(share.Key), 9),-9} {100 * share.Value,5:F1} %   ")).TrimEnd()}");
        }

        output.WriteLine();
    }

    private TextTable Figures()
    {
        var table = new TextTable("Figure", ">Value", ">95 % interval", ">Real", "");
        Add("Frechet distance", _report.FrechetDistance, "F2", "less is better");
        Add("Precision", _report.Precision, "F3", "how many look real");
        Add("Recall", _report.Recall, "F3", "how many real are covered");
        Add("Density", _report.Density, "F3", "how typical they are");
        Add("Coverage", _report.Coverage, "F3", "real ones with one near");
        Add("Class entropy", _report.ClassEntropy, "F3", $"of at most {Math.Log(_report.ClassShares.Count):F3}");
        Add("Neighbour ratio", _report.NearestNeighbourRatio, "F3", "below 1: memorised");
        return table;

        void Add(string name, ScoredFigure figure, string format, string meaning) => table.Add(
            name, Number(figure.Value, format), $"{Number(figure.Low, format)} to {Number(figure.High, format)}", Number(figure.Floor, format), meaning);
    }

    private static string Number(double value, string format) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);

    private object ToJson() => new
    {
        Command = "evaluate",
        Model = generator.ModelPath,
        ModelHash = generator.Hash,
        Data = result.Data,
        _report.Classifier,
        _report.ClassifierHash,
        _report.ClassifierAccuracy,
        _report.GeneratedImages,
        _report.ReferenceImages,
        _report.TrainingImages,
        Seed = seed,
        _report.FrechetDistance,
        _report.Precision,
        _report.Recall,
        _report.Density,
        _report.Coverage,
        _report.ClassEntropy,
        _report.NearestNeighbourRatio,
        _report.GeneratedDistance,
        _report.HeldOutDistance,
        ClassShares = _report.ClassShares.Select(share => new { Name = share.Key, Share = share.Value }),
        ClassificationAccuracyScore = _report.AccuracyScore?.Accuracy,
        ClassificationAccuracyScoreLow = _report.AccuracyScore?.AccuracyInterval.Low,
        ClassificationAccuracyScoreHigh = _report.AccuracyScore?.AccuracyInterval.High,
        Seconds = _report.Duration.TotalSeconds,
        ReportPage = result.Output,
    };
}
