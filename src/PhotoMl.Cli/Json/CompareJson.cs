using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>compare --json</c> prints.</summary>
internal sealed class ComparisonJson(string firstModel, string secondModel, EvaluationResult<ClassifierComparison> result)
{
    private readonly ClassifierComparison _figures = result.Figures;

    public string Command => "compare";
    public string Data => result.Data;
    public string Split => result.Split;
    public long Images => _figures.Images;
    public ComparedJson First => ComparedJson.Of(firstModel, _figures.First);
    public ComparedJson Second => ComparedJson.Of(secondModel, _figures.Second);
    public IEnumerable<string> AbsentClasses => _figures.First.AbsentClasses;
    public long BothRight => _figures.BothCorrect;
    public long OnlyFirst => _figures.OnlyFirst;
    public long OnlySecond => _figures.OnlySecond;
    public long BothWrong => _figures.BothWrong;
    public double Difference => _figures.Difference;
    public double DifferenceLow => _figures.DifferenceInterval.Low;
    public double DifferenceHigh => _figures.DifferenceInterval.High;
    public double McnemarP => _figures.P;
    public string Verdict => ComparisonText.Verdict(_figures);
    public IEnumerable<DifferenceJson> Differences => _figures.Differences.Select(image => new DifferenceJson(
        image.Index, image.Path, image.Label, image.First.Label, image.First.Probability, image.Second.Label, image.Second.Probability));
}

/// <summary>One of the two classifiers.</summary>
internal sealed record ComparedJson(
    string Model, double Accuracy, double AccuracyLow, double AccuracyHigh, double BalancedAccuracy, double Loss)
{
    public static ComparedJson Of(string model, ClassificationReport report) =>
        new(model, report.Accuracy, report.AccuracyInterval.Low, report.AccuracyInterval.High, report.BalancedAccuracy, report.Loss);
}

/// <summary>An image on which they differ.</summary>
internal sealed record DifferenceJson(
    long Index, string? Path, string Label, string FirstLabel, double FirstProbability, string SecondLabel, double SecondProbability);
