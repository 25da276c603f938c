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
    private readonly Argument<string> _set = new("SET") { Description = "A known data set, a folder, or a CSV file that lists photos." };
    private readonly Option<bool> _augment = new("--augment") { Description = "Augment the images as training does." };
    private readonly ValueOption<int> _count =
        new("--count", "N", "The images of each class, or with --augment the versions of one.", 7, Values.Between(1, 50));
    private readonly ValueOption<string?> _output =
        new("--output", "FILE.png", "The PNG file. [default: preview-SET.png]", parse: Values.EndingIn(".png"), alias: "-o");
    private readonly ValueOption<int?> _imageSize =
        new("--image-size", "N", "The height and width of the images. [default: the data's]", parse: Values.Between(8, LargestImage));
    private readonly ValueOption<long> _seed =
        new("--seed", "N", "The seed of the random choice.", new ClassifierTrainingOptions().Seed);

    public DataPreviewCommand()
        : base("preview") => AddAll(
            [_set, Transpose, _augment, _count, _output, Overwrite, _imageSize, _augmentation, .. _training, _seed, Json, Quiet]);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var (isVaried, seed, set) = (arguments.GetValue(_augment), _seed.Read(arguments), arguments.GetRequiredValue(_set));
        CheckNotGiven(arguments, "with --augment only", isVaried ? [] : [_augmentation, .. _training]);
        var training = AugmentationChoice.Over(
            _augmentation.Read(arguments), defaults => ReadOptions(arguments, defaults with { Seed = seed }));
        var path = _output.Read(arguments) ?? OutputCheck.UnusedPng(
            $"preview-{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(set)))}");
        OutputCheck.File(_output, path, arguments.GetValue(Overwrite), DatasetLoader.InputsOf(set, host.DataOptions()));
        TorchSession.Start(threads: null);
        var count = _count.Read(arguments);
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var loading = LoadingOf(arguments, host, progress) with { Splits = DatasetSplits.Train };
        using var loaded = DatasetLoader.Load(set, loading, host.CancellationToken);
        foreach (var message in loaded.Messages)
        {
            progress.Report(message);
        }

        progress.Dispose();
        var chosen = TrainingPreview.Choose(loaded.Train, isVaried ? 1 : count, seed).Take(MostClasses).ToList();
        using var originals = loaded.Train.Select([.. chosen.SelectMany(row => row)]);
        var side = _imageSize.Read(arguments);
        using var images = originals.ConvertTo(originals.Channels, side ?? originals.Height, side ?? originals.Width);
        var options = training(ClassifierTrainingOptions.For(images, loaded.IsPhotos, ClassifierArchitecture.Convnet));

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
            Seed = seed,
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
}
