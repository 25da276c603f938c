using System.Globalization;
using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>What <c>photoml evaluate</c> prints of a generator.</summary>
internal sealed class GeneratorEvaluationText(Generator generator, EvaluationResult<GeneratorEvaluation> result, long seed)
{
    private const int HashDigits = 12;
    private const int SharesInALine = 4;

    private readonly GeneratorEvaluation _figures = result.Figures;

    public void Write(TextWriter output)
    {
        output.WriteLine($"Model       {Text.Printable(generator.ModelPath)} ({generator.Hash[..HashDigits]})");
        output.WriteLine($"Data        {Text.Printable(result.Title)}");
        output.WriteLine(
            $"Classifier  {_figures.ClassifierHash[..HashDigits]}, {Text.Printable(_figures.Classifier ?? "trained for this evaluation")}");
        output.WriteLine($"            {Text.Percent(_figures.ClassifierAccuracy)} of test images right");
        output.WriteLine(
            $"Images      {_figures.GeneratedImages:N0} generated (seed {seed}) against {_figures.ReferenceImages:N0} test images");
        output.WriteLine();
        Figures().Write(output);
        output.WriteLine();
        output.WriteLine("Real: the figure of real training images, which a perfect generator reaches.");
        output.WriteLine();
        output.WriteLine("Generated images by predicted class:");
        foreach (var line in _figures.ClassShares.Chunk(SharesInALine))
        {
            var shares = line.Select(share => $"{Text.Shorten(Text.Printable(share.Key), 9),-9} {100 * share.Value,5:F1} %");
            output.WriteLine($"  {string.Join("   ", shares)}");
        }

        if (_figures.AccuracyScore is { } score)
        {
            output.WriteLine();
            output.WriteLine("Classification accuracy score, of a classifier trained on generated images only:");
            output.WriteLine($"  {Text.Percent(score.Accuracy)} of test images right ({Text.Interval(score.AccuracyInterval)})");
        }

        if (result.Output is { } page)
        {
            output.WriteLine();
            output.WriteLine($"Report      {Text.Printable(page)}");
        }
    }

    private TextTable Figures()
    {
        var table = new TextTable("Figure", ">Value", ">95 % interval", ">Real", "");
        Add("Frechet distance", _figures.FrechetDistance, "F2", "lower is better");
        Add("Precision", _figures.Precision, "F3", "fraction that looks real");
        Add("Recall", _figures.Recall, "F3", "fraction of real ones covered");
        Add("Density", _figures.Density, "F3", "how typical they are");
        Add("Coverage", _figures.Coverage, "F3", "real ones with one near");
        Add("Class entropy", _figures.ClassEntropy, "F3", $"of at most {Math.Log(_figures.ClassShares.Count):F3}");
        Add("Neighbor ratio", _figures.NearestNeighbourRatio, "F3", "well below real: memorized");
        return table;

        void Add(string name, ScoredFigure figure, string format, string meaning) => table.Add(
            name, Number(figure.Value, format), $"{Number(figure.Low, format)} to {Number(figure.High, format)}",
            Number(figure.Floor, format), meaning);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
