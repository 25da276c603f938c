using PhotoMl.Cli.Json;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml train-gan</c>.</summary>
internal sealed class TrainGanCommand : TrainingCommand<GanTrainingOptions>
{
    private static readonly GanTrainingOptions Defaults = new();
    private static readonly PropertyOptionSource<GanTrainingOptions, GanTrainingOptions> Training =
        new(options => options with { }, (_, changed) => changed);

    private readonly Option<bool> _noLabels =
        new("--no-labels") { Description = "Do not give the networks the class; images of a class cannot be sampled then." };
    private readonly ValueOption<int?> _imageSize = new(
        "--image-size", "N",
        $"The height and width of the images, {DcganOptions.SmallestImage} to {DcganOptions.LargestImage}. "
            + "[default: the data's; 64 for larger photos]",
        parse: Values.Between(DcganOptions.SmallestImage, DcganOptions.LargestImage));
    private readonly ValueOption<int?> _channels = new(
        "--channels", "N", "1 for gray, 3 for color. [default: the data's]",
        parse: text => text is "1" or "3" ? Values.ToWhole<int>(text) : throw new FormatException($"expected 1 or 3, but got '{text}'"));
    private readonly ValueOption<int> _latent =
        new("--latent", "N", "The number of latents.", new DcganOptions().Latent, Values.Between(1, 1024));
    private readonly ValueOption<string?> _classifier =
        new("--classifier", "MODEL", "A classifier of the same data, to find missing classes.");

    public TrainGanCommand()
        : base("train-gan") =>
        AddGroups(
            ("Data", [Data, Transpose, Limit, _imageSize, _channels]),
            ("Network", [_noLabels, _latent]),
            ("Optimization",
            [
                Training.Of("--epochs", nameof(Defaults.Epochs), "Passes over the training images.", alias: "-e"),
                Training.Of("--batch-size", nameof(Defaults.BatchSize), "Images per step.", alias: "-b"),
                Training.Of("--learning-rate", nameof(Defaults.LearningRate), "The learning rate of Adam.", alias: "--lr"),
                Training.Of(
                    "--discriminator-lr", nameof(Defaults.DiscriminatorLearningRate),
                    "The discriminator's learning rate. [default: the generator's]"),
                Training.Of("--beta1", nameof(Defaults.Beta1), "Adam's decay of the mean gradient."),
                Training.Of("--beta2", nameof(Defaults.Beta2), "Adam's decay of the mean squared gradient."),
                Training.Of("--loss", nameof(Defaults.Loss), "The loss"),
                Training.Of("--discriminator-steps", nameof(Defaults.DiscriminatorSteps), "Discriminator steps for each generator step."),
                Training.Of(
                    "--label-smoothing", nameof(Defaults.LabelSmoothing), "One-sided label smoothing: the target of real images is 1 - X."),
                Training.Of(
                    "--ema-decay", nameof(Defaults.EmaDecay), "The decay of the moving average of the generator's weights; 0 is off."),
            ]),
            ("Evaluation",
            [
                _classifier,
                Training.Of("--on-collapse", nameof(Defaults.OnCollapse), "What to do at a mode collapse", "ACTION"),
            ]),
            ("Run",
            [
                Output,
                Resume,
                Training.Of("--seed", nameof(Defaults.Seed), "The seed of everything random."),
                Training.Of("--precision", nameof(Defaults.Precision), "The dtype of the larger convolutions", "DTYPE"),
                Threads,
                Json,
                Quiet,
            ]));

    public override int Run(ParseResult arguments, CliHost host)
    {
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var options = ReadRun(arguments, LoadingOf(arguments, host, progress)) with { Messages = progress };
        TorchSession.Start(options.Threads);
        using var run = Resume.Read(arguments) is { } folder
            ? GeneratorRun.Resume(folder, options, host.CancellationToken)
            : GeneratorRun.Start(DataOf(arguments), Output.Read(arguments), options, host.CancellationToken);
        if (run.IsFinished)
        {
            host.Error.WriteLine("This run is finished already; there is nothing left to do.");
        }

        host.Stop.Text = () => DescribeStop(run.Folder);
        var result = run.Train(progress.Of(new GanProgressText()), host.CancellationToken);
        progress.Dispose();
        return Print(arguments, host, new TrainGanJson(run, result), () => Write(host.Out, run, result));
    }

    private static void Write(TextWriter output, GeneratorRun run, GanTrainingResult result)
    {
        var (training, kept, path) = (result.Info.Training!, result.History[result.KeptEpoch - 1], ShellWord.Quote(run.Folder.Path));
        output.WriteLine(
            $"Trained      {Text.Count(result.History.Count, "epoch")} on {result.TrainImages:N0} images of {Text.Printable(run.Title)} "
            + $"in {Text.Duration(result.Duration)}");
        output.WriteLine(
            $"Speed        {result.ImagesPerSecond:N0} images/s in {Values.Word(training.Precision)} with "
            + $"{Text.Count(training.Threads, "thread")}");
        output.WriteLine(
            $"Kept         epoch {result.KeptEpoch}, diversity {kept.Diversity:F2} (real images: "
            + $"1){(kept.IsCollapsed ? ", collapsed" : "")}");
        output.WriteLine($"Samples      {Text.Printable(run.Folder.SamplesPath)}");
        output.WriteLine($"Model        {Text.Printable(run.Folder.ModelPath)}");
        output.WriteLine($"To sample    {Cli.Name} sample {path}");
        output.WriteLine($"To evaluate  {Cli.Name} evaluate {path}");
    }

    private GeneratorRunOptions ReadRun(ParseResult arguments, DatasetLoadOptions loading) => new()
    {
        Training = ReadOptions(arguments, new GanTrainingOptions()),
        Conditional = !arguments.GetValue(_noLabels),
        ImageSize = _imageSize.Read(arguments),
        Channels = _channels.Read(arguments),
        Latent = _latent.Read(arguments),
        Classifier = _classifier.Read(arguments),
        Limit = Limit.Read(arguments),
        Threads = Threads.Read(arguments),
        Loading = loading,
    };
}
