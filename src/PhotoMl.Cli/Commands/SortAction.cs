using System.CommandLine;
using System.Globalization;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Evaluation;

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

        if (PathRelation.IsWithin(into, folder))
        {
            throw new UsageException($"--into: expected a folder outside of {folder}, in which nothing is changed, but got {into}.");
        }

        var predictions = Predict(arguments, model, folder);
        var problems = predictions.Where(prediction => prediction.Problem is not null).Select(prediction => new ImageFileEntry(prediction.Path, prediction.Problem)).ToList();
        var plan = predictions.Where(prediction => prediction.Problem is null).Select(prediction => Choose(prediction, command.LeastConfidence.Read(arguments))).ToList();
        if (arguments.GetValue(command.DryRun))
        {
            return Tell(arguments, "would be sorted", null, plan, new SortOutcome(plan.Count, problems));
        }

        var journal = Path.Join(into, $"sort-{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.jsonl");
        using var sorter = PhotoSorter.Plan(plan, into, journal, arguments.GetValue(command.HardLink));
        var outcome = Place(arguments, sorter, plan.Count, journal);
        return Tell(arguments, "sorted", journal, plan, new SortOutcome(outcome.Done, [.. problems, .. outcome.Problems]));
    }

    /// <summary>The folder of a photo: its likeliest class, or that of the unsure.</summary>
    internal static SortedPhoto Choose(ImagePrediction prediction, double leastConfidence) =>
        new(prediction.Path, prediction.Ranking[0].Probability < leastConfidence ? SortCommand.UnsureFolder : prediction.Ranking[0].Label);

    private int Continue(ParseResult arguments, string? undo, string? resume)
    {
        var journal = undo ?? resume!;
        using var sorter = PhotoSorter.Open(journal);
        return undo is not null
            ? Tell(arguments, "taken away again", journal, [], sorter.Undo())
            : Tell(arguments, "sorted", journal, [], Place(arguments, sorter, null, journal));
    }

    private List<ImagePrediction> Predict(ParseResult arguments, string model, string folder)
    {
        DeviceName.Resolve(command.Device.Read(arguments));
        TorchSession.Start(command.Threads.Read(arguments));
        using var classifier = ModelSource.Load(model, command.Precision.Read(arguments));
        var files = ImageFiles.Enumerate([folder]);
        var predictions = new List<ImagePrediction>(files.Count);
        using var line = new StatusLine(host, arguments.GetValue(command.Quiet));
        foreach (var batch in files.Chunk(BatchSize))
        {
            host.CancellationToken.ThrowIfCancellationRequested();
            predictions.AddRange(ClassifierPredictor.Predict(classifier, batch, command.Foreground.Read(arguments)));
            line.Show(() => $"looked at {predictions.Count:N0} of {files.Count:N0} photos");
        }

        return predictions;
    }

    private SortOutcome Place(ParseResult arguments, PhotoSorter sorter, int? count, string journal)
    {
        using var line = new StatusLine(host, arguments.GetValue(command.Quiet));
        var progress = new SynchronousProgress<int>(done => line.Show(() => $"sorted {done:N0}{(count is null ? "" : $" of {count:N0}")} photos"));
        try
        {
            return sorter.Run(progress, host.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            line.Clear();
            host.Error.WriteLine($"To go on: {Cli.Name} {SortCommand.CommandName} --resume {ShellWord.Quote(journal)}");
            throw;
        }
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
