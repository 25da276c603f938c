using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-cnn --folds</c> does: trains K times and judges each by the images it never saw.</summary>
internal sealed class TrainCnnFolds(TrainCnnCommand command, CliHost host)
{
    public int Run(
        ParseResult arguments, TrainingData data, int count, ClassifierArchitecture network, ClassifierTrainingOptions options, IReadOnlyDictionary<string, int>? groupOf)
    {
        if (command.Weights.IsGiven(arguments))
        {
            throw new UsageException($"{command.Weights.Name}: expected it not to be given with {command.Folds.Name}, which begins every fold with random weights");
        }

        var folds = Deal(data, count, options.Seed, groupOf);
        var folder = command.Output.Read(arguments) ?? RunPath.Next(TrainCnnCommand.CommandName, data.Id);
        var quiet = arguments.GetValue(command.Quiet);
        host.Stop.Text = () => $"Stopped. Go on with the same command and {command.Output.Name} {ShellWord.Quote(folder)}";
        var text = new ClassifierProgressText(isMixed: options is { Mixup: > 0 } or { CutMix: > 0 });
        var view = new TrainingProgressView<ClassifierProgress>(text, host, quiet);
        var told = new SynchronousProgress<FoldResult>(fold => host.Error.WriteLine(
            $"fold {fold.Fold} of {count}: {Text.Percent(fold.Accuracy)} of {fold.Images:N0} images right, balanced {Text.Percent(fold.BalancedAccuracy)}"));
        var result = view.Show(progress => CrossValidation.Run(
            data.Train, folds, ClassifierOptions.For(data.Train, network), options, folder, quiet ? null : told, progress, host.CancellationToken));
        Write(data, folder, result, arguments.GetValue(command.Json));
        return ExitCode.Success;
    }

    private static Split[] Deal(TrainingData data, int count, long seed, IReadOnlyDictionary<string, int>? groupOf)
    {
        var labels = data.Train.Labels.data<long>().ToArray();
        int[] groups = groupOf is null ? [] : data.GroupsOf(groupOf);
        var parts = groupOf is null ? labels.Length : groups.Distinct().Count();
        return count <= parts
            ? Split.Folds(labels, count, seed, groups)
            : throw new InputException(data.Id, $"at least {count} images unlike each other for {count} folds", $"{parts}");
    }

    private void Write(TrainingData data, string folder, CrossValidationResult result, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(host.Out, new
            {
                Command = TrainCnnCommand.CommandName,
                Data = data.Id,
                Output = folder,
                result.Folds,
                result.MeanAccuracy,
                result.AccuracyDeviation,
                result.MeanBalancedAccuracy,
                result.BalancedAccuracyDeviation,
            });
            return;
        }

        var table = new TextTable("Fold", ">Images", ">Accuracy", ">Balanced", ">Loss");
        foreach (var fold in result.Folds)
        {
            table.Add($"{fold.Fold}", $"{fold.Images:N0}", Text.Percent(fold.Accuracy), Text.Percent(fold.BalancedAccuracy), $"{fold.Loss:F4}");
        }

        table.Add("Mean", "", Text.Percent(result.MeanAccuracy), Text.Percent(result.MeanBalancedAccuracy), $"{result.Folds.Average(fold => fold.Loss):F4}");
        table.Add("Spread", "", Text.Percent(result.AccuracyDeviation), Text.Percent(result.BalancedAccuracyDeviation), "");
        table.Write(host.Out);
        host.Out.WriteLine();
        host.Out.WriteLine("Every image was judged once, by a network that never saw it. Spread: the standard deviation over the folds.");
        host.Out.WriteLine($"Runs        {Text.Printable(folder)}");
    }
}
