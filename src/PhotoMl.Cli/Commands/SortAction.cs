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
        var (undo, resume) = (command.Undo.Read(arguments), command.Resume.Read(arguments));
        var (model, folder, into) = (arguments.GetValue(command.Model), arguments.GetValue(command.Folder), command.Into.Read(arguments));
        if (undo is not null || resume is not null)
        {
            return (undo is null || resume is null) && model is null && into is null
                ? Continue(arguments, undo, resume)
                : throw new UsageException("--undo and --resume each stand alone: the journal knows the rest.");
        }

        if (model is null || folder is null || into is null)
        {
            throw new UsageException("expected MODEL, FOLDER and --into DIR, or --undo JOURNAL, or --resume JOURNAL.");
        }

        if (arguments.GetValue(command.Copy) && arguments.GetValue(command.HardLink))
        {
            throw new UsageException("--copy and --hard-link: expected one of them.");
        }

        if (!Directory.Exists(folder))
        {
            throw new InputException(folder, "a folder of photos", File.Exists(folder) ? "a file" : "no such folder");
        }

        var files = ImageFiles.Enumerate([folder]);
        string[] inputs = [.. DatasetLoader.InputsOf([folder], files.Select(file => file.Path))];
        OutputCheck.Apart(command.Into, into, inputs);
        var predictions = Predict(arguments, model, files);
        var problems = predictions.Where(prediction => prediction.Problem is not null).Select(prediction => new ImageFileEntry(prediction.Path, prediction.Problem)).ToList();
        var plan = predictions.Where(prediction => prediction.Problem is null).Select(prediction => Choose(prediction, command.LeastConfidence.Read(arguments))).ToList();
        foreach (var name in plan.Select(photo => photo.Folder).Distinct())
        {
            OutputCheck.Apart(command.Into, Path.Join(into, name), inputs);
            if (OutputGuard.FindInput(Path.Join(into, name), [into]) is null)
            {
                throw new InputException(Path.Join(into, name), $"a folder within {into}", "a link to another");
            }
        }

        if (arguments.GetValue(command.DryRun))
        {
            var expected = PhotoSorter.DryRun(plan, into, arguments.GetValue(command.HardLink));
            return Tell(arguments, "would be sorted", null, plan, expected with { Problems = [.. problems, .. expected.Problems] });
        }

        var journal = Path.Join(into, $"sort-{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.jsonl");
        using var sorter = PhotoSorter.Plan(plan, into, journal, arguments.GetValue(command.HardLink));
        var outcome = Place(arguments, sorter, plan.Count, journal);
        return Tell(arguments, "sorted", journal, plan, new SortOutcome(outcome.Done, [.. problems, .. outcome.Problems]));
    }

    /// <summary>The folder of a photo: its likeliest class, or that of the unsure.</summary>
    internal static SortedPhoto Choose(ImagePrediction prediction, double leastConfidence) => new(
        prediction.Path,
        prediction.Ranking[0].Probability < leastConfidence ? Unsure.Beside([.. prediction.Ranking.Select(label => label.Label)]) : prediction.Ranking[0].Label);

    private int Continue(ParseResult arguments, string? undo, string? resume)
    {
        var (journal, isDryRun) = (undo ?? resume!, arguments.GetValue(command.DryRun));
        var what = undo is null ? "sorted" : "taken away again";
        using var sorter = PhotoSorter.Open(journal, isDryRun);
        var outcome = undo is null ? Place(arguments, sorter, null, journal) : TakeAway(arguments, sorter, journal);
        return Tell(arguments, isDryRun ? $"would be {what}" : what, journal, [], outcome);
    }

    private List<ImagePrediction> Predict(ParseResult arguments, string model, IReadOnlyList<ImageFileEntry> files)
    {
        DeviceName.Resolve(command.Device.Read(arguments));
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

    private SortOutcome Place(ParseResult arguments, PhotoSorter sorter, int? count, string journal) =>
        Act(arguments, sorter.Run, done => $"sorted {done:N0}{(count is null ? "" : $" of {count:N0}")} photos", command.Resume, journal);

    private SortOutcome TakeAway(ParseResult arguments, PhotoSorter sorter, string journal) =>
        Act(arguments, sorter.Undo, done => $"took away {done:N0} photos", command.Undo, journal);

    private SortOutcome Act(
        ParseResult arguments, Func<IProgress<int>, CancellationToken, SortOutcome> act, Func<int, string> describe, Option goOn, string journal)
    {
        using var line = new StatusLine(host, arguments.GetValue(command.Quiet));
        host.Stop.Text = () => $"Stopped. Go on with: {Cli.Name} {SortCommand.CommandName} {goOn.Name} {ShellWord.Quote(journal)}";
        return act(new SynchronousProgress<int>(done => line.Show(() => describe(done))), host.CancellationToken);
    }

    private int Tell(ParseResult arguments, string what, string? journal, IReadOnlyList<SortedPhoto> plan, SortOutcome outcome)
    {
        var folders = plan.CountBy(photo => photo.Folder).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, new
            {
                Command = SortCommand.CommandName,
                What = what,
                Journal = journal,
                Images = outcome.Done,
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

            host.Out.WriteLine($"{Text.Count(outcome.Done, "photo")} {what}");
            if (journal is not null && what == "sorted")
            {
                host.Out.WriteLine($"To undo: {Cli.Name} {SortCommand.CommandName} --undo {ShellWord.Quote(journal)}");
            }
        }

        foreach (var problem in outcome.Problems)
        {
            host.Error.WriteLine($"{Text.Printable(problem.Path)}: {Text.Printable(problem.Problem ?? "")}");
        }

        return outcome.Done == 0 && outcome.Problems.Count > 0 ? ExitCode.BadInput : ExitCode.Success;
    }
}
