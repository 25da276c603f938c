using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-gan</c> takes.</summary>
internal sealed class TrainGanCommand : Command
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "train-gan";

    private readonly IReadOnlyList<ITrainingOption<GanTrainingOptions>> _training = GanOptionList.Create();

    public TrainGanCommand()
        : base(CommandName, "Train the DCGAN, which makes new images.")
    {
        Add(Data);
        Add(Output);
        Add(Resume);
        Add(Limit);
        Add(Conditional);
        Add(ImageSize);
        Add(Channels);
        Add(Latent);
        foreach (var option in _training)
        {
            Add(option.Option);
        }

        Add(Classifier);
        Add(Device);
        Add(Threads);
        Add(Json);
        Add(Quiet);
        Validators.Add(result =>
        {
            if (result.GetResult(Resume) is not null && GivenBeside(result.GetResult) is { } other)
            {
                result.AddError($"{other}: expected it not to be given with --resume, which takes it from the run it resumes");
            }
        });
    }

    public ValueOption<string?> Data { get; } = CommonOptions.Data("What to train on: auto, mnist, fashion-mnist, digits or a folder. [default: auto]");

    public ValueOption<string?> Output { get; } = CommonOptions.RunFolder(CommandName);

    public ValueOption<string?> Resume { get; } = CommonOptions.Resume();

    public ValueOption<int?> Limit { get; } = CommonOptions.Limit("Train on so many of the images only, drawn at random.");

    public Option<bool> Conditional { get; } = new("--conditional") { Description = "Tell both networks the class, so that one can be asked for." };

    public ValueOption<int?> ImageSize { get; } = new(
        "--image-size",
        "N",
        $"The height and width of the images, {DcganOptions.SmallestImage} to {DcganOptions.LargestImage}. [default: the data's]",
        null,
        text => Values.Int32Between(DcganOptions.SmallestImage, DcganOptions.LargestImage)(text));

    public ValueOption<int?> Channels { get; } = new("--channels", "N", "1 for grey, 3 for colour. [default: the data's]", null, ToChannels);

    public ValueOption<int> Latent { get; } =
        new("--latent", "N", "How many random numbers an image is made from.", new DcganOptions().Latent, Values.Int32Between(1, 1024));

    public ValueOption<string?> Classifier { get; } =
        new("--classifier", "MODEL", "A classifier of the same data that looks for missing classes.", null, Values.ToText);

    public ValueOption<string> Device { get; } = CommonOptions.Device();

    public ValueOption<int?> Threads { get; } = CommonOptions.Threads();

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();

    /// <summary>The training options that the command line asks for.</summary>
    /// <exception cref="UsageException">They contradict each other.</exception>
    public GanTrainingOptions ReadTraining(ParseResult arguments)
    {
        var options = _training.Aggregate(new GanTrainingOptions(), (options, option) => option.Apply(arguments, options));
        return options.FindConflict() is { } conflict ? throw new UsageException(conflict) : options;
    }

    private static int? ToChannels(string text) => text is "1" or "3" ? Values.ToInt32(text) : throw new FormatException($"expected 1 or 3, but got '{text}'");

    private string? GivenBeside(Func<Option, System.CommandLine.Parsing.OptionResult?> find) =>
        _training.Select(option => option.Option)
            .Concat([Data, Output, Limit, Conditional, ImageSize, Channels, Latent, Classifier, Threads])
            .FirstOrDefault(option => find(option) is { Implicit: false })
            ?.Name;
}
