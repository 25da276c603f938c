using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Kernels;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml data preview</c> takes.</summary>
internal sealed class DataPreviewCommand : Command
{
    private const int LargestImage = 1024;

    private readonly Option[] _training = ClassifierOptionList.CreateAugmentation();

    public DataPreviewCommand()
        : base("preview", "Draw pictures of every class, as a network is given them.")
    {
        Add(Set);
        Add(Augment);
        Add(Count);
        Add(Output);
        Add(Overwrite);
        Add(ImageSize);
        Array.ForEach(_training, Add);

        Add(Seed);
        Add(Json);
        Add(Quiet);
    }

    public Argument<string> Set { get; } = new("ID|FOLDER") { Description = "A known data set, or a folder." };

    public Option<bool> Augment { get; } = new("--augment") { Description = "Vary the pictures as training does." };

    public ValueOption<int> Count { get; } =
        new("--count", "N", "The pictures of a class, or the versions of one.", 7, Values.Int32Between(1, 50));

    public ValueOption<string?> Output { get; } =
        new("--output", "FILE", "The PNG file. [default: preview-SET.png]", null, Values.ToPng) { Aliases = { "-o" } };

    public Option<bool> Overwrite { get; } = CommonOptions.Overwrite();

    public ValueOption<int?> ImageSize { get; } = new(
        "--image-size", "N", "The height and width of the images. [default: the data's]", null, text => Values.Int32Between(8, LargestImage)(text));

    public ValueOption<long> Seed { get; } = new("--seed", "N", "The seed of what is drawn.", new ClassifierTrainingOptions().Seed, Values.ToInt64);

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();

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
