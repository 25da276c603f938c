using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Data;
using PhotoMl.Kernels;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-gan</c> takes.</summary>
internal sealed class TrainGanCommand : TrainingCommand<GanTrainingOptions>
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "train-gan";

    public TrainGanCommand()
        : base(CommandName, "Train a DCGAN, which generates images.") =>
        AddGroups(
            ("Data", [Data, Limit, ImageSize, Channels]),
            ("Network", [Conditional, NoLabels, Latent]),
            ("Optimization", GanOptionList.CreateOptimization()),
            ("Evaluation", [Classifier, GanOptionList.CreateOnCollapse()]),
            ("Run", [Output, Resume, .. GanOptionList.CreateRun(), Threads, Json, Quiet]));

    public Option<bool> Conditional { get; } = new("--conditional") { Description = "Give both networks the class, so that images of a class can be sampled." };

    public Option<bool> NoLabels { get; } = new("--no-labels") { Description = "Do not give the discriminator the class either." };

    public ValueOption<int?> ImageSize { get; } = new(
        "--image-size",
        "N",
        $"The height and width of the images, {DcganOptions.SmallestImage} to {DcganOptions.LargestImage}. [default: the data's]",
        null,
        text => Values.Int32Between(DcganOptions.SmallestImage, DcganOptions.LargestImage)(text));

    public ValueOption<int?> Channels { get; } = new("--channels", "N", "1 for grey, 3 for colour. [default: the data's]", null, ToChannels);

    public ValueOption<int> Latent { get; } =
        new("--latent", "N", "The number of latents.", new DcganOptions().Latent, Values.Int32Between(1, 1024));

    public ValueOption<string?> Classifier { get; } =
        new("--classifier", "MODEL", "A classifier of the same data, to find missing classes.", null, Values.ToText);

    /// <summary>The run that the command line asks for.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public GeneratorRunOptions ReadRun(ParseResult arguments, DatasetLoadOptions loading)
    {
        var (both, none) = (arguments.GetValue(Conditional), arguments.GetValue(NoLabels));
        if (both && none)
        {
            throw new UsageException($"{NoLabels.Name}: expected it not to be given with {Conditional.Name}, which gives both networks the class");
        }

        return new GeneratorRunOptions
        {
            Training = ReadTraining(arguments),
            Conditioning = both ? ClassConditioning.Both : none ? ClassConditioning.None : ClassConditioning.Discriminator,
            ImageSize = ImageSize.Read(arguments),
            Channels = Channels.Read(arguments),
            Latent = Latent.Read(arguments),
            Classifier = Classifier.Read(arguments),
            Limit = Limit.Read(arguments),
            Threads = Threads.Read(arguments),
            Loading = loading,
        };
    }

    private static int? ToChannels(string text) => text is "1" or "3" ? Values.ToInt32(text) : throw new FormatException($"expected 1 or 3, but got '{text}'");
}
