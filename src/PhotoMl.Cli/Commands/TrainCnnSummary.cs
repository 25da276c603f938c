using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-cnn</c> says at the end; the report is null where there are no test images.</summary>
internal sealed class TrainCnnSummary(ClassifierRun run, ClassifierRunResult outcome, bool perClass)
{
    private readonly ClassifierTrainingResult _result = outcome.Training;
    private readonly CalibratedReport? _test = outcome.Test;
    private readonly ClassificationReport? _report = outcome.Test?.Report;

    /// <summary>Writes it for people or for programs.</summary>
    public void Write(TextWriter output, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(output, ToJson());
            return;
        }

        var training = _result.Info.Training!;
        output.WriteLine($"Trained     {Text.Count(_result.History.Count, "epoch")} on {_result.TrainImages:N0} images of {Text.Printable(run.Title)} in {Text.Duration(_result.Duration)}");
        output.WriteLine($"Speed       {_result.ImagesPerSecond:N0} images/s in {Values.Word(training.Precision)} with {Text.Count(training.Threads, "thread")}");
        output.WriteLine($"Best epoch  {_result.Best.Epoch}, {Text.Percent(_result.Best.ValidationAccuracy)} of {_result.ValidationImages:N0} validation images right, balanced {Text.Percent(_result.Validation.BalancedAccuracy)}");
        if (_report is null)
        {
            output.WriteLine("Test        none, for the data has no test images");
        }
        else
        {
            output.WriteLine($"Test        {Text.Percent(_report.Accuracy)} of {_report.Images:N0} right ({Text.Interval(_report.AccuracyInterval)}), loss {_report.Loss:F4}");
            output.WriteLine($"Balanced    {Text.Percent(_report.BalancedAccuracy)} of the test images, every class counting the same");
        }

        var calibration = _result.Info.Calibration!;
        output.WriteLine($"ECE         {CalibrationError(calibration)} before temperature {calibration.Temperature:F2}");
        output.WriteLine($"Model       {Text.Printable(run.Folder.ModelPath)}");
        if (perClass)
        {
            WriteClasses(output, "validation", _result.Validation);
            if (_report is not null)
            {
                WriteClasses(output, "test", _report);
            }
        }
    }

    private static void WriteClasses(TextWriter output, string split, ClassificationReport report)
    {
        output.WriteLine();
        output.WriteLine($"The {report.Images:N0} {split} images, class by class:");
        output.WriteLine();
        ClassTable.Of(report).Write(output);
    }

    private string CalibrationError(CalibrationInfo calibration) => _test is null
        ? $"{Text.Percent(calibration.ErrorAfter)} in validation, {Text.Percent(calibration.ErrorBefore)}"
        : $"{Text.Percent(_test.Calibration.Error)} in the test, {Text.Percent(_test.Uncalibrated.Error)}";

    private object ToJson()
    {
        var training = _result.Info.Training!;
        return new
        {
            Command = TrainCnnCommand.CommandName,
            Model = run.Folder.ModelPath,
            Data = run.Data,
            Epochs = _result.History.Count,
            _result.TrainImages,
            TestAccuracy = _report?.Accuracy,
            TestBalancedAccuracy = _report?.BalancedAccuracy,
            TestLoss = _report?.Loss,
            _result.Best.ValidationAccuracy,
            ValidationBalancedAccuracy = _result.Validation.BalancedAccuracy,
            ValidationPerClass = _result.Validation.PerClass,
            _result.Info.Calibration!.Temperature,
            ValidationCalibrationErrorBefore = _result.Info.Calibration.ErrorBefore,
            ValidationCalibrationError = _result.Info.Calibration.ErrorAfter,
            TestCalibrationErrorBefore = _test?.Uncalibrated.Error,
            TestCalibrationError = _test?.Calibration.Error,
            Seconds = _result.Duration.TotalSeconds,
            _result.ImagesPerSecond,
            training.Seed,
            Device = Cli.Cpu,
            Precision = Values.Word(training.Precision),
            training.Threads,
        };
    }
}
