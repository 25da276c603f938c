using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>evaluate --json</c> prints of a classifier.</summary>
internal sealed class ClassifierEvaluationJson(string model, EvaluationResult<CalibratedReport> result)
{
    private readonly CalibratedReport _figures = result.Figures;
    private readonly ClassificationReport _report = result.Figures.Report;

    public string Command => "evaluate";
    public string Model => model;
    public string Data => result.Data;
    public string Split => result.Split;
    public double Accuracy => _report.Accuracy;
    public double AccuracyLow => _report.AccuracyInterval.Low;
    public double AccuracyHigh => _report.AccuracyInterval.High;
    public double BalancedAccuracy => _report.BalancedAccuracy;
    public double Loss => _report.Loss;
    public long Images => _report.Images;
    public IEnumerable<ClassJson> PerClass => ClassJson.Of(_report);
    public IEnumerable<string> AbsentClasses => _report.AbsentClasses;
    public object ConfusionMatrix => _report.Confusion.ToRows();
    public double Temperature => _figures.Temperature;
    public double CalibrationError => _figures.Calibration.Error;
    public double CalibrationErrorBefore => _figures.Uncalibrated.Error;
    public IEnumerable<ReliabilityBin> Reliability => _figures.Calibration.Bins;
    public PredictionSetsJson? Sets => _figures.Sets is { } sets ? new(sets) : null;
    public string? ReportPage => result.Output;
}

/// <summary>The prediction sets of <c>--coverage</c>; shares are of all images, the accuracy of those with one class.</summary>
internal sealed class PredictionSetsJson(ConformalReport sets)
{
    public double TargetCoverage => sets.Target;
    public long Images => sets.Images;
    public double Coverage => sets.Coverage;
    public double CoverageLow => sets.CoverageInterval.Low;
    public double CoverageHigh => sets.CoverageInterval.High;
    public double MeanSetSize => sets.MeanSetSize;
    public double SingleShare => sets.SingleShare;
    public double ListShare => sets.ListShare;
    public double UnsureShare => sets.UnsureShare;
    public double EmptyShare => sets.EmptyShare;
    public double? SingleAccuracy => sets.SingleAccuracy;
}

/// <summary>What <c>evaluate --json</c> prints of a generator.</summary>
internal sealed class GeneratorEvaluationJson(Generator generator, EvaluationResult<GeneratorEvaluation> result, long seed)
{
    private readonly GeneratorEvaluation _figures = result.Figures;

    public string Command => "evaluate";
    public string Model => generator.ModelPath;
    public string ModelHash => generator.Hash;
    public string Data => result.Data;
    public string? Classifier => _figures.Classifier;
    public string ClassifierHash => _figures.ClassifierHash;
    public double ClassifierAccuracy => _figures.ClassifierAccuracy;
    public int GeneratedImages => _figures.GeneratedImages;
    public int ReferenceImages => _figures.ReferenceImages;
    public int TrainingImages => _figures.TrainingImages;
    public long Seed => seed;
    public object FrechetDistance => Figure(_figures.FrechetDistance);
    public object Precision => Figure(_figures.Precision);
    public object Recall => Figure(_figures.Recall);
    public object Density => Figure(_figures.Density);
    public object Coverage => Figure(_figures.Coverage);
    public object ClassEntropy => Figure(_figures.ClassEntropy);
    public object NearestNeighborRatio => Figure(_figures.NearestNeighbourRatio);
    public double GeneratedDistance => _figures.GeneratedDistance;
    public double HeldOutDistance => _figures.HeldOutDistance;
    public IEnumerable<object> ClassShares => _figures.ClassShares.Select(share => new { Name = share.Key, Share = share.Value });
    public double? ClassificationAccuracyScore => _figures.AccuracyScore?.Accuracy;
    public double? ClassificationAccuracyScoreLow => _figures.AccuracyScore?.AccuracyInterval.Low;
    public double? ClassificationAccuracyScoreHigh => _figures.AccuracyScore?.AccuracyInterval.High;
    public double Seconds => _figures.Duration.TotalSeconds;
    public string? ReportPage => result.Output;

    // With its 95 % interval, and the same figure for real images.
    private static object Figure(ScoredFigure figure) => new { figure.Value, figure.Low, figure.High, Real = figure.Floor };
}
