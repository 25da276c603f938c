using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>The evaluation of K trainings, each on the images that it never saw.</summary>
/// <param name="Folds">The evaluation of each fold in order, at least two, by the classifier that never saw it.</param>
public sealed record CrossValidationResult(IReadOnlyList<ClassificationReport> Folds)
{
    /// <summary>The id of the known data set, or the folder of photos; empty below the whole task.</summary>
    public string Data { get; init; } = "";

    /// <summary>The network that was trained.</summary>
    public ClassifierArchitecture Network { get; init; }

    /// <summary>The folder with the run of each fold; empty where none was written.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The mean accuracy of the folds.</summary>
    public double MeanAccuracy => Folds.Average(fold => fold.Accuracy);

    /// <summary>The standard deviation of the folds' accuracies, of a sample (divided by K - 1).</summary>
    public double AccuracyDeviation => Deviation(fold => fold.Accuracy);

    /// <summary>The mean balanced accuracy of the folds.</summary>
    public double MeanBalancedAccuracy => Folds.Average(fold => fold.BalancedAccuracy);

    /// <summary>The standard deviation of the folds' balanced accuracies, as <see cref="AccuracyDeviation"/>.</summary>
    public double BalancedAccuracyDeviation => Deviation(fold => fold.BalancedAccuracy);

    private double Deviation(Func<ClassificationReport, double> figure)
    {
        var mean = Folds.Average(figure);
        return Math.Sqrt(Folds.Sum(fold => Math.Pow(figure(fold) - mean, 2)) / (Folds.Count - 1));
    }
}
