using System.Globalization;
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
    public double? UnlabeledShare => _result.Best.UnlabeledShare;
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

/// <summary>What <c>tune --json</c> prints; where the default won, it is compared with itself.</summary>
internal sealed class TuneJson(ClassifierTuning tuning, ClassifierTuningResult result, string command)
{
    public string Command => "tune";
    public string Model => result.ModelPath;
    public string Data => tuning.Data;
    public string Output => result.Folder;
    public string Answer => result.Answer;
    public bool Better => result.IsBetter;
    public int Winner => result.Winner.Number;
    public string WinnerCommand => command;
    public double? TestAccuracy => result.Run.Test?.Report.Accuracy;
    public double? DefaultTestAccuracy => result.Winner.Number == 1 ? TestAccuracy : result.Comparison?.First.Accuracy;
    public double Difference => result.Comparison?.Difference ?? 0;
    public double DifferenceLow => result.Comparison?.DifferenceInterval.Low ?? 0;
    public double DifferenceHigh => result.Comparison?.DifferenceInterval.High ?? 0;
    public double McnemarP => result.Comparison?.P ?? 1;
    public double SearchSeconds => result.Seconds;
    public long Seed => result.Seed;
    public IEnumerable<object> RankCorrelations =>
        result.Correlations.Select(pair => new { pair.Epochs, pair.LaterEpochs, pair.Trials, pair.Value });
    public IEnumerable<object> Trials => result.Leaderboard.Select(trial => new
    {
        Trial = trial.Number,
        Settings = trial.Settings.ToDictionary(setting => setting.Key, setting => NumberOrText(setting.Value)),
        Rungs = trial.Rungs.Select(rung => new
        {
            rung.Epochs, rung.Best.ValidationAccuracy, rung.Best.ValidationBalancedAccuracy, rung.Best.ValidationLoss, rung.Seconds,
        }),
        trial.Failure,
        Stopped = trial.IsStopped,
    });

    private static object NumberOrText(string value) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : value;
}
