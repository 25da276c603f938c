using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-cnn --folds</c> does: trains K times and evaluates each on the images it never saw.</summary>
internal sealed class TrainCnnFolds(TrainCnnCommand command, CliHost host)
{
    public int Run(ParseResult arguments, int count, ClassifierRunOptions options)
    {
        var data = command.DataOf(arguments);
        var folder = command.Output.Read(arguments) ?? ClassifierRun.NextFolder(data);
        var quiet = arguments.GetValue(command.Quiet);
        host.Stop.Text = () => $"Stopped. Go on with the same command and {command.Output.Name} {ShellWord.Quote(folder)}";
        var training = options.Training(DatasetLoader.IsPhotos(data, options.Loading.Catalog) ? ClassifierTrainingOptions.ForPhotos : new ClassifierTrainingOptions());
        var view = new TrainingProgressView<ClassifierProgress>(new ClassifierProgressText(isMixed: training is { Mixup: > 0 } or { CutMix: > 0 }), host, quiet);
        var fold = 0;
        var done = new SynchronousProgress<ClassificationReport>(report => host.Error.WriteLine(
            $"fold {++fold} of {count}: {Text.Percent(report.Accuracy)} of {report.Images:N0} images right, balanced {Text.Percent(report.BalancedAccuracy)}"));
        var result = view.Show(progress => ClassifierRun.CrossValidate(data, count, folder, options, quiet ? null : done, progress, host.CancellationToken));
        Write(data, folder, result, arguments.GetValue(command.Json));
        return ExitCode.Success;
    }

    private void Write(string data, string folder, CrossValidationResult result, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(host.Out, new
            {
                Command = TrainCnnCommand.CommandName,
                Data = data,
                Output = folder,
                Folds = result.Folds.Select((fold, i) => new { Fold = i + 1, fold.Images, fold.Accuracy, fold.BalancedAccuracy, fold.Loss }),
                result.MeanAccuracy,
                result.AccuracyDeviation,
                result.MeanBalancedAccuracy,
                result.BalancedAccuracyDeviation,
            });
            return;
        }

        var table = new TextTable("Fold", ">Images", ">Accuracy", ">Balanced", ">Loss");
        foreach (var (i, fold) in result.Folds.Index())
        {
            table.Add($"{i + 1}", $"{fold.Images:N0}", Text.Percent(fold.Accuracy), Text.Percent(fold.BalancedAccuracy), $"{fold.Loss:F4}");
        }

        table.Add("Mean", "", Text.Percent(result.MeanAccuracy), Text.Percent(result.MeanBalancedAccuracy), $"{result.Folds.Average(fold => fold.Loss):F4}");
        table.Add("Std dev", "", Text.Percent(result.AccuracyDeviation), Text.Percent(result.BalancedAccuracyDeviation), "");
        table.Write(host.Out);
        host.Out.WriteLine();
        host.Out.WriteLine("Every image was evaluated once, by a network that never saw it. Std dev: the standard deviation over the folds.");
        host.Out.WriteLine($"Runs        {Text.Printable(folder)}");
    }
}
