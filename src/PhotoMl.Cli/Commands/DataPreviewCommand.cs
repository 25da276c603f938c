using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Kernels;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml data preview</c>.</summary>
internal sealed class DataPreviewCommand : ToolCommand
{
    private const int LargestImage = 1024;

    private readonly Option[] _training = ClassifierOptionList.CreateAugmentation();

    public DataPreviewCommand()
        : base("preview", "Draw images of every class, as the network is given them.")
    {
        AddAll([Set, Augment, Count, Output, Overwrite, ImageSize, .. _training, Seed, Json, Quiet]);
    }

    public Argument<string> Set { get; } = new("SET") { Description = "A known data set, a folder, or a CSV file that lists photos." };

    public Option<bool> Augment { get; } = new("--augment") { Description = "Augment the images as training does." };

    public ValueOption<int> Count { get; } =
        new("--count", "N", "The images of each class, or with --augment the versions of one.", 7, Values.Int32Between(1, 50));

    public ValueOption<string?> Output { get; } =
        CommonOptions.Output("FILE.png", "The PNG file. [default: preview-SET.png]", Values.ToPng);

    public ValueOption<int?> ImageSize { get; } = new(
        "--image-size", "N", "The height and width of the images. [default: the data's]", null, text => Values.Int32Between(8, LargestImage)(text));

    public ValueOption<long> Seed { get; } = new("--seed", "N", "The seed of the random choice.", new ClassifierTrainingOptions().Seed, Values.ToInt64);

    public override int Run(ParseResult arguments, CliHost host) => new DataPreviewAction(this, host).Run(arguments);

    /// <summary>How training images would be augmented, over the defaults that fit them.</summary>
    /// <exception cref="UsageException">It contradicts itself, or no augmentation was asked for.</exception>
    public ClassifierTrainingOptions ReadTraining(ParseResult arguments, ClassifierTrainingOptions? defaults = null)
    {
        if (!arguments.GetValue(Augment) && _training.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new UsageException($"{given.Name}: expected it with --augment only");
        }

        var kind = ClassifierOptionList.KindOf(_training).Read(arguments);
        AugmentationChoice.Check(kind, Read(new ClassifierTrainingOptions()));
        return AugmentationChoice.Apply(kind, Read(defaults ?? new ClassifierTrainingOptions()));

        ClassifierTrainingOptions Read(ClassifierTrainingOptions start) =>
            _training.OfType<ITrainingOption<ClassifierTrainingOptions>>().Aggregate(start with { Seed = Seed.Read(arguments) }, (options, option) => option.Apply(arguments, options));
    }
}
