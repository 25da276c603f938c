using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-cnn</c> says at the end; the report is null where there are no test images.</summary>
internal sealed class TrainCnnSummary(RunFolder run, TrainingData data, ClassifierTrainingResult result, CalibratedReport? judged, string device, bool perClass)
{
    private readonly ClassificationReport? _report = judged?.Report;

    /// <summary>Writes it for people or for programs.</summary>
    public void Write(TextWriter output, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(output, ToJson());
            return;
        }

        var training = result.Info.Training!;
        output.WriteLine($"Trained     {Text.Count(result.History.Count, "epoch")} on {result.TrainImages:N0} images of {Text.Printable(data.Title)} in {Text.Duration(result.Duration)}");
        output.WriteLine($"Speed       {result.ImagesPerSecond:N0} images/s in {Values.Word(training.Precision)} with {Text.Count(training.Threads, "thread")}");
        output.WriteLine($"Best epoch  {result.Best.Epoch}, {Text.Percent(result.Best.ValidationAccuracy)} of {result.ValidationImages:N0} validation images right, balanced {Text.Percent(result.Validation.BalancedAccuracy)}");
        if (_report is null)
        {
            output.WriteLine("Test        none, for the data has no test images");
        }
        else
        {
            output.WriteLine($"Test        {Text.Percent(_report.Accuracy)} of {_report.Images:N0} right ({Text.Interval(_report.AccuracyInterval)}), loss {_report.Loss:F4}");
            output.WriteLine($"Balanced    {Text.Percent(_report.BalancedAccuracy)} of the test images, every class counting the same");
        }

        var calibration = result.Info.Calibration!;
        output.WriteLine($"Sureness    off by {Sureness(calibration)} before temperature {calibration.Temperature:F2}");
        output.WriteLine($"Model       {Text.Printable(run.ModelPath)}");
        if (perClass)
        {
            WriteClasses(output, "validation", result.Validation);
            if (_report is not null)
            {
                WriteClasses(output, "test", _report);
            }
        }
    }

    private static void WriteClasses(TextWriter output, string split, ClassificationReport judged)
    {
        output.WriteLine();
        output.WriteLine($"The {judged.Images:N0} {split} images, class by class:");
        output.WriteLine();
        ClassTable.Of(judged).Write(output);
    }

    private string Sureness(CalibrationInfo calibration) => judged is null
        ? $"{Text.Percent(calibration.ErrorAfter)} in validation, {Text.Percent(calibration.ErrorBefore)}"
        : $"{Text.Percent(judged.Calibration.Error)} in the test, {Text.Percent(judged.Uncalibrated.Error)}";

    private object ToJson()
    {
        var training = result.Info.Training!;
        return new
        {
            Command = TrainCnnCommand.CommandName,
            Model = run.ModelPath,
            Data = data.Id,
            Epochs = result.History.Count,
            result.TrainImages,
            TestAccuracy = _report?.Accuracy,
            TestBalancedAccuracy = _report?.BalancedAccuracy,
            TestLoss = _report?.Loss,
            result.Best.ValidationAccuracy,
            ValidationBalancedAccuracy = result.Validation.BalancedAccuracy,
            ValidationPerClass = result.Validation.PerClass,
            result.Info.Calibration!.Temperature,
            ValidationCalibrationErrorBefore = result.Info.Calibration.ErrorBefore,
            ValidationCalibrationError = result.Info.Calibration.ErrorAfter,
            TestCalibrationErrorBefore = judged?.Uncalibrated.Error,
            TestCalibrationError = judged?.Calibration.Error,
            Seconds = result.Duration.TotalSeconds,
            result.ImagesPerSecond,
            training.Seed,
            Device = device,
            Precision = Values.Word(training.Precision),
            training.Threads,
        };
    }
}
