using PhotoMl.Cli.Json;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml tune</c>.</summary>
internal sealed class TuneCommand : ClassifierCommand
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(20);

    private readonly ValueOption<TimeSpan?> _budget = new(
        "--budget", "TIME", "The time it may take, such as 90s, 20m or 1h30m. [default: 20m]", null, text => Values.ToDuration(text));

    public TuneCommand()
        : base("tune")
    {
        Resume.Description = "Resume the tuning of this folder.";
        Output.Description = "The folder of the tuning, with the winner's run. [default: runs/tune-DATA-TIME]";
        AddGroups([], [_budget]);
    }

    public override int Run(ParseResult arguments, CliHost host)
    {
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var options = ReadRun(arguments, host, progress);
        TorchSession.Start(options.Threads);
        using var tuning = Resume.Read(arguments) is { } folder
            ? ClassifierTuning.Resume(folder, options, host.CancellationToken)
            : ClassifierTuning.Start(
                _budget.Read(arguments) ?? Usual, DataOf(arguments), Output.Read(arguments), options, host.CancellationToken);
        host.Stop.Text = () => $"Stopped. To resume: {Cli.Name} {Name} --resume {ShellWord.Quote(tuning.Folder)}";
        progress.Report(new StatusMessage($"Tuning: {string.Join(", ", tuning.Tuned)}", IsWarning: false));
        var result = tuning.Tune(progress.OfTuning(), host.CancellationToken);
        progress.Dispose();
        var command = CommandOf(tuning.Data, result.Options, result.Defaults);
        return Print(arguments, host, new TuneJson(tuning, result, command), () =>
            TuningText.Write(host.Out, host.Width, tuning, result, command));
    }

    /// <summary>The command that trains with some options: all in which they differ from what train-cnn takes by itself.</summary>
    internal string CommandOf(string data, ClassifierRunOptions run, ClassifierTrainingOptions from)
    {
        var to = run.Training(from);
        var kind = AugmentationChoice.KindOf(from, to);
        string?[] words =
        [
            $"{Cli.Name} train-cnn --data {ShellWord.Quote(data)}",
            run.Loading.ImageSize is { } size ? $"--image-size {size}" : null,
            run.Limit is { } limit ? $"--limit {limit}" : null,
            run.Loading.Transpose ? "--transpose" : null,
            run.Split == ValidationSplit.Random ? "--split random" : null,
            run.Unlabeled is { } unlabeled ? $"--unlabeled {ShellWord.Quote(unlabeled)}" : null,
            run.LabelsPerClass is { } labels ? $"--labels-per-class {labels}" : null,
            run.Network is { } network ? $"--network {Values.Word(network)}" : null,
            run.Weights is { } weights ? $"--weights {ShellWord.Quote(weights)}" : null,
            to.Freeze is { } stage ? $"--freeze {stage}" : null,
            kind is { } word ? $"--augmentation {Values.Word(word)}" : null,
            .. Options.OfType<PropertyOption<ClassifierTrainingOptions>>()
                .Where(option => kind is null or AugmentationKind.Affine || !option.Name.StartsWith("--augment-", StringComparison.Ordinal))
                .Select(option => option.Describe(from, to)),
            run.Threads is { } threads ? $"--threads {threads}" : null,
        ];
        return string.Join(' ', words.OfType<string>());
    }
}
