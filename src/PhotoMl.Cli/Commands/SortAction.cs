using System.CommandLine;
using System.Globalization;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.IO;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml sort</c> does.</summary>
internal sealed class SortAction(SortCommand command, CliHost host)
{
    private const int BatchSize = 64;

    public int Run(ParseResult arguments)
    {
        var (model, folder, into) = (arguments.GetValue(command.Model), arguments.GetValue(command.Folder), command.Into.Read(arguments));
        if (command.Undo.Read(arguments) is { } earlier)
        {
            return model is null && into is null
                ? Undo(arguments, earlier)
                : throw new UsageException($"{command.Undo.Name} stands alone: the list knows the rest.");
        }

        if (model is null || folder is null || into is null)
        {
            throw new UsageException("expected MODEL, FOLDER and --into DIR, or --undo LIST.");
        }

        if (arguments.GetValue(command.Copy) && arguments.GetValue(command.HardLink))
        {
            throw new UsageException("--copy and --hard-link: expected one of them.");
        }

        if (!Directory.Exists(folder))
        {
            throw new InputException(folder, "a folder of photos", File.Exists(folder) ? "a file" : "no such folder");
        }

        var files = DatasetLoader.FindImages([folder]);

        // Of what is read the folders do, as only folders are made; photos may be very many.
        string[] inputs = [folder, .. files.Where(file => file.Path != folder).Select(file => Path.GetDirectoryName(file.Path)!).Distinct()];
        OutputException.ThrowIfInput(into, inputs);
        var predictions = Predict(arguments, model, files);
        var problems = predictions.Where(prediction => prediction.Problem is not null).Select(prediction => new ImageFileEntry(prediction.Path, prediction.Problem)).ToList();
        var plan = predictions.Where(prediction => prediction.Problem is null).Select(prediction => Choose(prediction, command.MinConfidence.Read(arguments))).ToList();
        foreach (var name in plan.Select(photo => photo.Folder).Distinct())
        {
            OutputException.ThrowIfInput(Path.Join(into, name), inputs);
        }

        var (isDryRun, useHardLinks) = (arguments.GetValue(command.DryRun), arguments.GetValue(command.HardLink));
        var list = Path.Join(into, $"sort-{DateTime.Now.ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture)}.jsonl");
        host.Stop.Text = () => "Stopped. Go on with the same command" + (File.Exists(list) ? $", or undo it: {DescribeUndo(list)}" : "");
        var outcome = Act(
            arguments,
            (progress, token) => PhotoSorter.Sort(plan, list, useHardLinks, isDryRun, progress, token),
            done => $"sorted {done:N0} of {plan.Count:N0} photos");
        return Report(
            arguments, isDryRun ? "would be sorted" : "sorted", isDryRun || outcome.Done == 0 ? null : list, plan, outcome with { Problems = [.. problems, .. outcome.Problems] });
    }

    /// <summary>The folder of a photo: its likeliest class, or that of the unsure.</summary>
    internal static (string Source, string Folder) Choose(ImagePrediction prediction, double minConfidence) => (
        prediction.Path,
        prediction.Ranking[0].Probability < minConfidence ? Unsure.Beside([.. prediction.Ranking.Select(label => label.Label)]) : prediction.Ranking[0].Label);

    private int Undo(ParseResult arguments, string list)
    {
        var isDryRun = arguments.GetValue(command.DryRun);
        host.Stop.Text = () => $"Stopped. Go on with: {DescribeUndo(list)}";
        var outcome = Act(arguments, (progress, token) => PhotoSorter.Undo(list, isDryRun, progress, token), done => $"took away {done:N0} photos");
        return Report(arguments, isDryRun ? "would be taken away again" : "taken away again", list, [], outcome);
    }

    private string DescribeUndo(string list) => $"{Cli.Name} {SortCommand.CommandName} {command.Undo.Name} {ShellWord.Quote(list)}";

    private List<ImagePrediction> Predict(ParseResult arguments, string model, IReadOnlyList<ImageFileEntry> files)
    {
        TorchSession.Start(command.Threads.Read(arguments));
        using var classifier = Classifier.Load(model, command.Precision.Read(arguments));
        var predictions = new List<ImagePrediction>(files.Count);
        using var line = new StatusLine(host, arguments.GetValue(command.Quiet));
        foreach (var batch in files.Chunk(BatchSize))
        {
            predictions.AddRange(classifier.PredictFiles(batch, new PredictionOptions { Foreground = command.Foreground.Read(arguments) }, host.CancellationToken));
            line.Show(() => $"looked at {predictions.Count:N0} of {files.Count:N0} photos");
        }

        return predictions;
    }

    private SortOutcome Act(ParseResult arguments, Func<IProgress<int>, CancellationToken, SortOutcome> act, Func<int, string> describe)
    {
        using var line = new StatusLine(host, arguments.GetValue(command.Quiet));
        return act(new SynchronousProgress<int>(done => line.Show(() => describe(done))), host.CancellationToken);
    }

    private int Report(ParseResult arguments, string what, string? list, List<(string Source, string Folder)> plan, SortOutcome outcome)
    {
        var folders = plan.CountBy(photo => photo.Folder).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, new
            {
                Command = SortCommand.CommandName,
                What = what,
                List = list,
                Images = outcome.Done,
                outcome.Present,
                Folders = folders.Select(entry => new { Name = entry.Key, Images = entry.Value }),
                Problems = outcome.Problems,
            });
        }
        else
        {
            var table = new TextTable("Folder", ">Photos");
            folders.ForEach(entry => table.Add(Text.Printable(entry.Key), $"{entry.Value:N0}"));
            if (folders.Count > 0)
            {
                table.Write(host.Out);
                host.Out.WriteLine();
            }

            host.Out.WriteLine($"{Text.Count(outcome.Done, "photo")} {what}{(outcome.Present > 0 ? $", {outcome.Present:N0} in place already" : "")}");
            if (list is not null && plan.Count > 0)
            {
                host.Out.WriteLine($"To undo: {DescribeUndo(list)}");
            }
        }

        foreach (var problem in outcome.Problems)
        {
            host.Error.WriteLine($"{Text.Printable(problem.Path)}: {Text.Printable(problem.Problem ?? "")}");
        }

        return outcome.Done + outcome.Present == 0 && outcome.Problems.Count > 0 ? ExitCode.BadInput : ExitCode.Success;
    }
}
