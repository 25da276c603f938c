using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>train-cnn --json</c> prints; the figures of the test are null where the data has no test images.</summary>
internal sealed class TrainCnnJson(ClassifierRun run, ClassifierRunResult outcome)
{
    private readonly ClassifierTrainingResult _result = outcome.Training;
    private readonly CalibratedReport? _test = outcome.Test;

    public string Command => "train-cnn";
    public string Model => run.Folder.ModelPath;
    public string Data => run.Data;
    public string Network => Values.Word(_result.Info.Network.Architecture);
    public int Epochs => _result.History.Count;
    public int TrainImages => _result.TrainImages;
    public int UnlabeledImages => _result.UnlabeledImages;
    public int UnlabeledUsed => _result.UnlabeledUsed;
    public double? PseudoLabelAccuracy => _result.Best.PseudoLabelAccuracy;
    public double? TestAccuracy => _test?.Report.Accuracy;
    public double? TestBalancedAccuracy => _test?.Report.BalancedAccuracy;
    public double? TestLoss => _test?.Report.Loss;
    public IEnumerable<string>? TestAbsentClasses => _test?.Report.AbsentClasses;
    public double ValidationAccuracy => _result.Best.ValidationAccuracy;
    public double ValidationBalancedAccuracy => _result.Validation.BalancedAccuracy;
    public IEnumerable<ClassJson> ValidationPerClass => ClassJson.Of(_result.Validation);
    public double Temperature => Calibration.Temperature;
    public double ValidationCalibrationErrorBefore => Calibration.ErrorBefore;
    public double ValidationCalibrationError => Calibration.ErrorAfter;
    public double? TestCalibrationErrorBefore => _test?.Uncalibrated.Error;
    public double? TestCalibrationError => _test?.Calibration.Error;
    public double Seconds => _result.Duration.TotalSeconds;
    public double ImagesPerSecond => _result.ImagesPerSecond;
    public long Seed => Training.Seed;
    public string Device => Cli.Cpu;
    public string Precision => Values.Word(Training.Precision);
    public int Threads => Training.Threads;

    private CalibrationInfo Calibration => _result.Info.Calibration!;
    private TrainingSummary Training => _result.Info.Training!;
}

/// <summary>What <c>train-gan --json</c> prints; losses are of the last epoch, the diversity of the kept one.</summary>
internal sealed class TrainGanJson(GeneratorRun run, GanTrainingResult result)
{
    public string Command => "train-gan";
    public string Model => run.Folder.ModelPath;
    public string Data => run.Data;
    public int Epochs => result.History.Count;
    public int TrainImages => result.TrainImages;
    public double Seconds => result.Duration.TotalSeconds;
    public double ImagesPerSecond => result.ImagesPerSecond;
    public double GeneratorLoss => result.History[^1].GeneratorLoss;
    public double DiscriminatorLoss => result.History[^1].DiscriminatorLoss;
    public long Seed => Training.Seed;
    public string Device => Cli.Cpu;
    public string Precision => Values.Word(Training.Precision);
    public int Threads => Training.Threads;
    public int KeptEpoch => result.KeptEpoch;
    public double Diversity => result.History[result.KeptEpoch - 1].Diversity;

    private TrainingSummary Training => result.Info.Training!;
}
