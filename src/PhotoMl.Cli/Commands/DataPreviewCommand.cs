using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml data preview</c>.</summary>
internal sealed class DataPreviewCommand : ToolCommand
{
    private const int LargestImage = 1024;
    private const int MostClasses = 40;

    private readonly ValueOption<AugmentationKind> _augmentation = ClassifierOptionList.CreateAugmentationKind();
    private readonly Option[] _training = ClassifierOptionList.CreateAugmentation();

    public DataPreviewCommand()
        : base("preview")
    {
        AddAll([Set, Transpose, Augment, Count, Output, Overwrite, ImageSize, _augmentation, .. _training, Seed, Json, Quiet]);
    }

    public Argument<string> Set { get; } = new("SET") { Description = "A known data set, a folder, or a CSV file that lists photos." };

    public Option<bool> Augment { get; } = new("--augment") { Description = "Augment the images as training does." };

    public ValueOption<int> Count { get; } =
        new("--count", "N", "The images of each class, or with --augment the versions of one.", 7, Values.Between(1, 50));

    public ValueOption<string?> Output { get; } =
        CommonOptions.Output("FILE.png", "The PNG file. [default: preview-SET.png]", Values.ToPng);

    public ValueOption<int?> ImageSize { get; } =
        CommonOptions.Int32("--image-size", "The height and width of the images. [default: the data's]", 8, LargestImage);

    public ValueOption<long> Seed { get; } =
        CommonOptions.Seed("The seed of the random choice.", new ClassifierTrainingOptions().Seed);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var options = ReadTraining(arguments);
        var set = arguments.GetRequiredValue(Set);
        var path = Output.Read(arguments) ?? OutputCheck.UnusedPng(
            $"preview-{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(set)))}");
        OutputCheck.File(Output, path, arguments.GetValue(Overwrite), DatasetLoader.InputsOf(set, host.DataOptions()));
        TorchSession.Start(threads: null);
        var isVaried = arguments.GetValue(Augment);
        var count = Count.Read(arguments);
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var loading = LoadingOf(arguments, host, progress) with { Splits = DatasetSplits.Train };
        using var loaded = DatasetLoader.Load(set, loading, host.CancellationToken);
        foreach (var message in loaded.Messages)
        {
            progress.Report(message);
        }

        progress.Dispose();
        var chosen = TrainingPreview.Choose(loaded.Train, isVaried ? 1 : count, options.Seed).Take(MostClasses).ToList();
        using var originals = loaded.Train.Select([.. chosen.SelectMany(row => row)]);
        var side = ImageSize.Read(arguments);
        using var images = originals.ConvertTo(originals.Channels, side ?? originals.Height, side ?? originals.Width);
        options = ReadTraining(arguments, ClassifierTrainingOptions.For(images, loaded.IsPhotos, ClassifierArchitecture.Convnet));

        var (rows, columns) = Write(path, images, isVaried ? options : null, count);
        var augmentation = !isVaried || options is { PhotoAugmentation: null, Augmentation: { Strength: 0, Flip: 0 } } ? "none"
            : options.PhotoAugmentation is null ? "affine"
            : "photo";
        var document = new
        {
            Data = loaded.Id,
            Output = path,
            Classes = rows,
            Columns = columns,
            images.Height,
            images.Width,
            options.Seed,
            Augmentation = augmentation,
            Command = "data preview",
        };
        return Print(arguments, host, document, () =>
        {
            var what = isVaried
                ? $"the original and {Text.Count(count, "augmented version")} of each"
                : Text.Count(originals.Count, "image");
            host.Out.WriteLine($"Data   {Text.Printable(loaded.Title)}, {Text.Count(rows.Count, "row")}, {what}");
            host.Out.WriteLine($"Sheet  {Text.Printable(path)}");
        });
    }

    private static (IReadOnlyList<string> Rows, int Columns) Write(
        string path, ImageDataset images, ClassifierTrainingOptions? options, int versions)
    {
        try
        {
            return TrainingPreview.WritePng(path, images, options, versions);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--count, --image-size: {exception.Message.Split(" (Parameter")[0].TrimEnd('.')}");
        }
    }

    /// <summary>How training images would be augmented, over the defaults that fit them.</summary>
    /// <exception cref="UsageException">It contradicts itself, or no augmentation was asked for.</exception>
    private ClassifierTrainingOptions ReadTraining(ParseResult arguments, ClassifierTrainingOptions? defaults = null)
    {
        CheckNotGiven(arguments, "with --augment only", arguments.GetValue(Augment) ? [] : [_augmentation, .. _training]);
        var kind = _augmentation.Read(arguments);
        var asked = Read(new ClassifierTrainingOptions());
        AugmentationChoice.Check(kind, asked);
        return AugmentationChoice.Apply(kind, asked, Read(defaults ?? new ClassifierTrainingOptions()));

        ClassifierTrainingOptions Read(ClassifierTrainingOptions start) =>
            _training.OfType<TrainingOption<ClassifierTrainingOptions>>()
                .Aggregate(start with { Seed = Seed.Read(arguments) }, (options, option) => option.Apply(arguments, options));
    }
}
