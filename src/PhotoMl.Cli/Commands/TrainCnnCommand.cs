using PhotoMl.Cli.Json;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml train-cnn</c>.</summary>
internal sealed class TrainCnnCommand : ClassifierCommand
{
    private readonly ValueOption<int?> _folds = new(
        "--folds", "K", "Cross-validate: train K times, each evaluated on the part it never saw.", parse: Values.Between(2, 100));
    private readonly Option<bool> _perClass = new("--per-class") { Description = "Print precision and recall of each class." };

    public TrainCnnCommand()
        : base("train-cnn") =>
        AddGroups([ClassifierOptionList.CreatePatience(), _folds, _perClass], []);

    public override int Run(ParseResult arguments, CliHost host)
    {
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var options = ReadRun(arguments, host, progress);
        TorchSession.Start(options.Threads);
        if (_folds.Read(arguments) is { } folds)
        {
            return CrossValidate(arguments, host, folds, options, progress);
        }

        using var run = Resume.Read(arguments) is { } folder
            ? ClassifierRun.Resume(folder, options, host.CancellationToken)
            : ClassifierRun.Start(DataOf(arguments), Output.Read(arguments), options, host.CancellationToken);
        if (run.IsFinished)
        {
            host.Error.WriteLine("This run is finished already; it is only evaluated again.");
        }

        host.Stop.Text = () => DescribeStop(run.Folder);
        var result = run.Train(progress.Of(TextOf(run.Training)), host.CancellationToken);
        progress.Dispose();
        return Print(arguments, host, new TrainCnnJson(run, result), () =>
            Write(host.Out, run, result, arguments.GetValue(_perClass)));
    }

    private int CrossValidate(ParseResult arguments, CliHost host, int count, ClassifierRunOptions options, TaskProgress progress)
    {
        var (data, output) = (DataOf(arguments), Output.Read(arguments));
        host.Stop.Text = () =>
            $"Stopped. To resume: the same command with {Output.Name} "
                + $"{(output is null ? "and the folder named above" : ShellWord.Quote(output))}";
        var fold = 0;
        var done = new SynchronousProgress<ClassificationReport>(report => progress.Report(new StatusMessage(
            $"fold {++fold}/{count}  {Text.Percent(report.Accuracy)} of {Text.Count(report.Images, "image")} right"
                + $"  balanced {Text.Percent(report.BalancedAccuracy)}",
            IsWarning: false)));
        var training = options.Training(new ClassifierTrainingOptions());
        var result = ClassifierRun.CrossValidate(data, count, output, options, done, progress.Of(TextOf(training)), host.CancellationToken);
        progress.Dispose();
        var document = new
        {
            Command = "train-cnn",
            result.Data,
            Network = Values.Word(result.Network),
            Output = result.Folder,
            Folds = result.Folds.Select((fold, index) =>
                new { Fold = index + 1, fold.Images, fold.Accuracy, fold.BalancedAccuracy, fold.Loss, fold.AbsentClasses }),
            result.MeanAccuracy,
            result.AccuracyDeviation,
            result.MeanBalancedAccuracy,
            result.BalancedAccuracyDeviation,
        };
        return Print(arguments, host, document, () => Write(host, result));
    }

    private static void Write(CliHost host, CrossValidationResult result)
    {
        var table = new TextTable("Fold", ">Images", ">Accuracy", ">Balanced", ">Loss");
        foreach (var (index, report) in result.Folds.Index())
        {
            table.Add(
                $"{index + 1}", $"{report.Images:N0}", Text.Percent(report.Accuracy), Text.Percent(report.BalancedAccuracy),
                $"{report.Loss:F4}");
        }

        table.Add(
            "Mean", "", Text.Percent(result.MeanAccuracy), Text.Percent(result.MeanBalancedAccuracy),
            $"{result.Folds.Average(report => report.Loss):F4}");
        table.Add("Std dev", "", Text.Percent(result.AccuracyDeviation), Text.Percent(result.BalancedAccuracyDeviation), "");
        table.Write(host.Out);
        host.Out.WriteLine();
        host.Out.WriteLine("Each image was evaluated once, by a network that was not trained on it.");
        var isUneven = result.Folds.Any(fold => fold.AbsentClasses.Count > 0);
        Text.WriteWrapped(host.Out, isUneven ? "Balanced figures of a fold leave out the classes that it lacks." : null, host.Width);
        host.Out.WriteLine($"Runs  {Text.Printable(result.Folder)}");
    }

    private static ClassifierProgressText TextOf(ClassifierTrainingOptions training) =>
        new(isMixed: training is { Mixup: > 0 } or { CutMix: > 0 });

    private static void Write(TextWriter output, ClassifierRun run, ClassifierRunResult outcome, bool perClass)
    {
        var (result, test) = (outcome.Training, outcome.Test);
        var (training, calibration, best) = (result.Info.Training!, result.Info.Calibration!, result.Best);
        output.WriteLine(
            $"Trained     {Text.Count(result.History.Count, "epoch")} on {Text.Count(result.TrainImages, "image")} of "
            + $"{Text.Printable(run.Title)} in {Text.Duration(result.Duration)}");
        output.WriteLine(
            $"Network     {Values.Word(result.Info.Network.Architecture)}, {result.ImagesPerSecond:N0} images/s in "
            + $"{Values.Word(training.Precision)} with {Text.Count(training.Threads, "thread")}");
        if (best.UnlabeledShare is { } used)
        {
            output.WriteLine(
                $"Unlabeled   {Text.Count(result.UnlabeledImages, "image")}, {Text.Percent(used)} used in the last epoch, "
                + $"{result.UnlabeledImages - result.UnlabeledUsed:N0} never");
            if (best.PseudoLabelAccuracy is { } right)
            {
                output.WriteLine($"            {Text.Percent(right)} of the pseudo-labels right, where the class is known");
            }
        }

        output.WriteLine(
            $"{(result.UnlabeledImages > 0 ? "Last epoch " : "Best epoch ")} {best.Epoch}, {Text.Percent(best.ValidationAccuracy)} of "
            + $"{Text.Count(result.ValidationImages, "validation image")} right, "
            + $"balanced {Text.Percent(result.Validation.BalancedAccuracy)}");
        Text.WriteWrapped(output, result.Validation.DescribeAbsentClasses("validation images"), CliHost.DefaultWidth, "            ");
        if (test is { Report: var report })
        {
            output.WriteLine(
                $"Test        {Text.Percent(report.Accuracy)} of {Text.Count(report.Images, "image")} right "
                + $"({Text.Interval(report.AccuracyInterval)})");
            output.WriteLine($"            balanced accuracy {Text.Percent(report.BalancedAccuracy)}, loss {report.Loss:F4}");
            Text.WriteWrapped(output, report.DescribeAbsentClasses("test images"), CliHost.DefaultWidth, "            ");
            output.WriteLine(
                $"ECE         {Text.Percent(test.Calibration.Error)} on the test images, {Text.Percent(test.Uncalibrated.Error)} before "
                + $"temperature {calibration.Temperature:F2}");
        }
        else
        {
            output.WriteLine("Test        none, for the data has no test images");
            output.WriteLine(
                $"ECE         {Text.Percent(calibration.ErrorAfter)} on the validation images, {Text.Percent(calibration.ErrorBefore)} "
                + $"before temperature {calibration.Temperature:F2}");
        }

        output.WriteLine($"Model       {Text.Printable(run.Folder.ModelPath)}");
        (string, ClassificationReport?)[] reports = [("validation", result.Validation), ("test", test?.Report)];
        foreach (var (split, figures) in reports)
        {
            if (perClass && figures is not null)
            {
                output.WriteLine();
                output.WriteLine($"The {Text.Count(figures.Images, $"{split} image")} by class:");
                output.WriteLine();
                ClassTable.Of(figures).Write(output);
            }
        }
    }
}
