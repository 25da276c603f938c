namespace PhotoMl.Training;

/// <summary>What K trainings are worth, each on the images that it never saw.</summary>
/// <param name="Folds">The folds in order, at least two.</param>
public sealed record CrossValidationResult(IReadOnlyList<FoldResult> Folds)
{
    /// <summary>The mean accuracy of the folds.</summary>
    public double MeanAccuracy => Folds.Average(fold => fold.Accuracy);

    /// <summary>How far the folds' accuracies scatter: their standard deviation, of a sample (divided by K - 1).</summary>
    public double AccuracyDeviation => Deviation(fold => fold.Accuracy);

    /// <summary>The mean balanced accuracy of the folds.</summary>
    public double MeanBalancedAccuracy => Folds.Average(fold => fold.BalancedAccuracy);

    /// <summary>How far the folds' balanced accuracies scatter, as <see cref="AccuracyDeviation"/>.</summary>
    public double BalancedAccuracyDeviation => Deviation(fold => fold.BalancedAccuracy);

    private double Deviation(Func<FoldResult, double> figure)
    {
        var mean = Folds.Average(figure);
        return Math.Sqrt(Folds.Sum(fold => Math.Pow(figure(fold) - mean, 2)) / (Folds.Count - 1));
    }
}
