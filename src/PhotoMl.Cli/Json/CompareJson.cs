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
    public object First => Compared(firstModel, _figures.First);
    public object Second => Compared(secondModel, _figures.Second);
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
    public IEnumerable<object> Differences => _figures.Differences.Select(image => new
    {
        image.Index,
        image.Path,
        image.Label,
        FirstLabel = image.First.Label,
        FirstProbability = image.First.Probability,
        SecondLabel = image.Second.Label,
        SecondProbability = image.Second.Probability,
    });

    private static object Compared(string model, ClassificationReport report) => new
    {
        Model = model,
        report.Accuracy,
        AccuracyLow = report.AccuracyInterval.Low,
        AccuracyHigh = report.AccuracyInterval.High,
        report.BalancedAccuracy,
        report.Loss,
    };
}
