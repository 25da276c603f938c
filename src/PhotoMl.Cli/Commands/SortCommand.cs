using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.IO;
using PhotoMl.Imaging;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml sort</c>.</summary>
internal sealed class SortCommand : ToolCommand
{
    private const int BatchSize = 64;
    private const int LongestFolder = 40;

    private readonly Argument<string?> _model =
        new("MODEL") { Description = "A model file or a run folder.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _folder =
        new("FOLDER") { Description = "The photos, in any depth; nothing in it is changed.", Arity = ArgumentArity.ZeroOrOne };
    private readonly ValueOption<string?> _into = new(
        "--into", "DIR", "Where a folder for each class is made, with a list of the copies. Run again, it continues.");
    private readonly Option<bool> _copy = new("--copy") { Description = "Copy the photos. This is the default." };
    private readonly Option<bool> _hardLink =
        new("--hard-link") { Description = "Make hard links instead, which take no space but need the same disk." };
    private readonly ValueOption<double> _minConfidence = new(
        "--min-confidence",
        "X",
        $"Put photos predicted with a lower probability into {PredictionWriter.Unsure} (or {PredictionWriter.Unsure}-2, where a class has "
            + "that name).",
        0,
        Values.Between(0.0, 1.0));
    private readonly Option<bool> _dryRun =
        new("--dry-run") { Description = "Print what would be done, also with --undo, and change nothing." };
    private readonly ValueOption<string?> _undo =
        new("--undo", "LIST", "Remove the copies in a list, where they are unchanged and their originals exist.");
    private readonly ValueOption<ForegroundChoice> _foreground = CommonOptions.Foreground();
    private readonly ValueOption<Precision> _precision = CommonOptions.Precision();

    public SortCommand()
        : base("sort") =>
        AddAll(_model, _folder, _into, _hardLink, _copy, _minConfidence, _dryRun, _undo, _foreground, Threads, _precision, Json, Quiet);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var (model, folder, into) = (arguments.GetValue(_model), arguments.GetValue(_folder), _into.Read(arguments));
        using var line = new StatusLine(host, arguments.GetValue(Quiet));
        if (_undo.Read(arguments) is { } earlier)
        {
            return model is null && into is null
                ? Undo(arguments, host, earlier, line)
                : throw new UsageException($"{_undo.Name} stands alone: the list has the rest.");
        }

        if (model is null || folder is null || into is null)
        {
            throw new UsageException("expected MODEL, FOLDER and --into DIR, or --undo LIST.");
        }

        CheckNotBoth(arguments, _copy, _hardLink);
        if (!Directory.Exists(folder))
        {
            throw new InputException(folder, "a folder of photos", File.Exists(folder) ? "a file" : "no such folder");
        }

        using var messages = new TaskProgress(host, arguments.GetValue(Quiet));
        var files = DatasetLoader.FindImages([folder], messages);

        // Of what is read the folders do, as only folders are made; photos may be very many.
        string[] inputs =
            [folder, .. files.Where(file => file.Path != folder).Select(file => Path.GetDirectoryName(file.Path)!).Distinct()];
        OutputException.ThrowIfInput(into, inputs);
        var predictions = Predict(arguments, host, model, files, line);
        var problems = predictions.Where(prediction => prediction.Problem is not null)
            .Select(prediction => new ImageFileEntry(prediction.Path, prediction.Problem)).ToList();
        var plan = predictions.Where(prediction => prediction.Problem is null)
            .Select(prediction => Choose(prediction, _minConfidence.Read(arguments))).ToList();
        foreach (var label in plan.Select(photo => photo.Label).Distinct())
        {
            OutputException.ThrowIfInput(Path.Join(into, PhotoSorter.FolderOf(label)), inputs);
        }

        var (isDryRun, useHardLinks) = (arguments.GetValue(_dryRun), arguments.GetValue(_hardLink));
        var list = Path.Join(into, $"sort-{DateTime.Now:yyyyMMdd-HHmmss-fff}.jsonl");
        host.Stop.Text = () => "Stopped. To continue: the same command" + (File.Exists(list) ? $"; to undo: {DescribeUndo(list)}" : "");
        var progress = new SynchronousProgress<int>(done => line.Show(() => $"sorted {done:N0} of {Text.Count(plan.Count, "photo")}"));
        var outcome = PhotoSorter.Sort(plan, list, useHardLinks, isDryRun, progress, host.CancellationToken);
        line.Dispose();
        var failed = outcome.Problems.Select(problem => problem.Path).ToHashSet();
        plan.RemoveAll(photo => failed.Contains(photo.Source));
        return Report(
            arguments, host, isDryRun ? "would be sorted" : "sorted", File.Exists(list) ? list : null, plan, outcome, problems);
    }

    /// <summary>The label of a photo: its most probable class, or that of the unsure.</summary>
    internal static (string Source, string Label) Choose(ImagePrediction prediction, double minConfidence) => (
        prediction.Path,
        prediction.Ranking[0].Probability < minConfidence
            ? PredictionWriter.UnsureBeside([.. prediction.Ranking.Select(label => label.Label)])
            : prediction.Ranking[0].Label);

    private int Undo(ParseResult arguments, CliHost host, string list, StatusLine line)
    {
        var isDryRun = arguments.GetValue(_dryRun);
        host.Stop.Text = () => $"Stopped. To continue: {DescribeUndo(list)}";
        var progress = new SynchronousProgress<int>(done => line.Show(() => $"removed {Text.Count(done, "photo")}"));
        var outcome = PhotoSorter.Undo(list, isDryRun, progress, host.CancellationToken);
        line.Dispose();
        return Report(arguments, host, isDryRun ? "would be removed" : "removed", list, [], outcome, unreadable: []);
    }

    private string DescribeUndo(string list) => $"{Cli.Name} {Name} {_undo.Name} {ShellWord.Quote(list)}";

    private List<ImagePrediction> Predict(
        ParseResult arguments, CliHost host, string model, IReadOnlyList<ImageFileEntry> files, StatusLine line)
    {
        TorchSession.Start(Threads.Read(arguments));
        using var classifier = Classifier.Load(model, _precision.Read(arguments));
        var predictions = new List<ImagePrediction>(files.Count);
        foreach (var batch in files.Chunk(BatchSize))
        {
            predictions.AddRange(
                classifier.PredictFiles(batch, new PredictionOptions { Foreground = _foreground.Read(arguments) }, host.CancellationToken));
            line.Show(() => $"classified {predictions.Count:N0} of {Text.Count(files.Count, "photo")}");
        }

        return predictions;
    }

    private int Report(
        ParseResult arguments, CliHost host, string what, string? list, List<(string Source, string Label)> plan, SortOutcome outcome,
        List<ImageFileEntry> unreadable)
    {
        var isFailure = outcome.Problems.Count > 0 || (outcome.Done + outcome.Present == 0 && unreadable.Count > 0);
        outcome = outcome with { Problems = [.. unreadable, .. outcome.Problems] };
        var folders = plan.CountBy(photo => photo.Label).OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new { Name = PhotoSorter.FolderOf(entry.Key), Label = entry.Key, Images = entry.Value }).ToList();
        var document = new
        {
            Command = "sort",
            What = what,
            List = list, // null where nothing was made
            Images = outcome.Done,
            outcome.Present,
            Folders = folders,
            outcome.Problems,
        };
        Print(arguments, host, document, () =>
        {
            var table = new TextTable("Folder", "Label", ">Photos");
            folders.ForEach(entry => table.Add(
                Text.Shorten(entry.Name, LongestFolder),
                entry.Label == entry.Name ? "" : Text.Shorten(entry.Label, ClassTable.LongestName),
                $"{entry.Images:N0}"));
            if (folders.Count > 0)
            {
                table.Write(host.Out);
                host.Out.WriteLine();
            }

            host.Out.WriteLine(
                $"{Text.Count(outcome.Done, "photo")} {what}{(outcome.Present > 0 ? $", {outcome.Present:N0} in place already" : "")}"
                    + (outcome.Problems.Count > 0 ? $", {outcome.Problems.Count:N0} not" : ""));
            if (list is not null && plan.Count > 0)
            {
                host.Out.WriteLine($"To undo: {DescribeUndo(list)}");
            }
        });

        foreach (var problem in outcome.Problems)
        {
            host.Error.WriteLine($"{Text.Printable(problem.Path)}: {Text.Printable(problem.Problem ?? "")}");
        }

        return isFailure ? ExitCode.BadInput : ExitCode.Success;
    }
}
