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
    public bool TestTimeAugmentation => _figures.TestTimeAugmentation;
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

    // Shares are of all images, the accuracy of those with one class.
    public object? Sets => _figures.Sets is not { } sets ? null : new
    {
        TargetCoverage = sets.Target,
        sets.Images,
        sets.Coverage,
        CoverageLow = sets.CoverageInterval.Low,
        CoverageHigh = sets.CoverageInterval.High,
        sets.MeanSetSize,
        sets.SingleShare,
        sets.ListShare,
        sets.UnsureShare,
        sets.EmptyShare,
        sets.SingleAccuracy,
    };
    public string? ReportPage => result.Output;
}

/// <summary>A class with its figures, which are null where it has no images; support is their number.</summary>
internal sealed record ClassJson(string Name, double? Precision, double? Recall, double? F1, long Support)
{
    public static IEnumerable<ClassJson> Of(ClassificationReport report) => report.PerClass.Select(metrics => metrics.Support > 0
        ? new ClassJson(metrics.Name, metrics.Precision, metrics.Recall, metrics.F1, metrics.Support)
        : new ClassJson(metrics.Name, null, null, null, 0));
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
