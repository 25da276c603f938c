using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Evaluation;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-cnn</c> says at the end; the report is null where there are no test images.</summary>
internal sealed class TrainCnnSummary(RunFolder run, TrainingData data, ClassifierTrainingResult result, ClassificationReport? report, string device, bool perClass)
{
    /// <summary>Writes it for people or for programs.</summary>
    public void Write(TextWriter output, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(output, ToJson());
            return;
        }

        var training = result.Info.Training!;
        output.WriteLine($"Trained     {Text.Count(result.History.Count, "epoch")} on {result.TrainImages:N0} images of {data.Title} in {Text.Duration(result.Duration)}");
        output.WriteLine($"Speed       {result.ImagesPerSecond:N0} images/s in {Values.Word(training.Precision)} with {Text.Count(training.Threads, "thread")}");
        output.WriteLine($"Best epoch  {result.Best.Epoch}, {Text.Percent(result.Best.ValidationAccuracy)} of {result.ValidationImages:N0} validation images right, balanced {Text.Percent(result.Validation.BalancedAccuracy)}");
        if (report is null)
        {
            output.WriteLine("Test        none, for the data has no test images");
        }
        else
        {
            output.WriteLine($"Test        {Text.Percent(report.Accuracy)} of {report.Images:N0} right ({Text.Interval(report.AccuracyInterval)}), loss {report.Loss:F4}");
            output.WriteLine($"Balanced    {Text.Percent(report.BalancedAccuracy)} of the test images, every class counting the same");
        }

        output.WriteLine($"Model       {run.ModelPath}");
        if (perClass)
        {
            WriteClasses(output, "validation", result.Validation);
            if (report is not null)
            {
                WriteClasses(output, "test", report);
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
            TestAccuracy = report?.Accuracy,
            TestBalancedAccuracy = report?.BalancedAccuracy,
            TestLoss = report?.Loss,
            result.Best.ValidationAccuracy,
            ValidationBalancedAccuracy = result.Validation.BalancedAccuracy,
            ValidationPerClass = result.Validation.PerClass,
            Seconds = result.Duration.TotalSeconds,
            result.ImagesPerSecond,
            training.Seed,
            Device = device,
            Precision = Values.Word(training.Precision),
            training.Threads,
        };
    }
}
