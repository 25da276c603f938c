using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml data preview</c> does.</summary>
internal sealed class DataPreviewAction(DataPreviewCommand command, CliHost host)
{
    private const int MostClasses = 40;

    public int Run(ParseResult arguments)
    {
        var options = command.ReadTraining(arguments);
        var set = arguments.GetRequiredValue(command.Set);
        var path = command.Output.Read(arguments) ?? UnusedPath.Png($"preview-{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(set)))}");
        OutputCheck.File(command.Output, path, arguments.GetValue(command.Overwrite), DatasetLoader.InputsOf(set, host.DataOptions()));
        TorchSession.Start(threads: null);
        var isVaried = arguments.GetValue(command.Augment);
        var count = command.Count.Read(arguments);
        using var loaded = DataSource.Load(set, host, arguments.GetValue(command.Quiet));
        var chosen = Choose(loaded.Train, isVaried ? 1 : count, options.Seed);
        using var originals = loaded.Train.Select([.. chosen.SelectMany(row => row)]);
        using var images = Resize(originals, command.ImageSize.Read(arguments));
        options = command.ReadTraining(arguments, ClassifierTrainingOptions.For(images, loaded.IsPhotos, ClassifierArchitecture.Convnet));

        var (rows, columns) = Write(path, images, isVaried ? options : null, count);
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, new
            {
                Command = "data preview",
                Data = loaded.Id,
                Output = path,
                Classes = rows,
                Columns = columns,
                images.Height,
                images.Width,
                options.Seed,
                Augmentation = !isVaried || options is { PhotoAugmentation: null, Augmentation.Strength: 0 } ? "none" : options.PhotoAugmentation is null ? "affine" : "photo",
            });
        }
        else
        {
            var what = isVaried ? $"a picture of each as it is and {Text.Count(count, "varied version")}" : Text.Count(originals.Count, "picture");
            host.Out.WriteLine($"Data   {Text.Printable(loaded.Title)}, {Text.Count(rows.Count, "row")}, {what}");
            host.Out.WriteLine($"Sheet  {Text.Printable(path)}");
        }

        return ExitCode.Success;
    }

    // Of each class that has any, some images drawn at random.
    private static List<long[]> Choose(ImageDataset data, int perClass, long seed)
    {
        var labels = data.Labels.data<long>().ToArray();
        var byClass = new DeterministicRandom(seed).Permutation(data.Count).GroupBy(index => labels[index]).OrderBy(group => group.Key);
        return [.. byClass.Take(MostClasses).Select(group => group.Take(perClass).ToArray())];
    }

    private static ImageDataset Resize(ImageDataset data, int? size) =>
        data.ConvertTo(data.Channels, size ?? data.Height, size ?? data.Width);

    private static (IReadOnlyList<string> Rows, int Columns) Write(string path, ImageDataset images, ClassifierTrainingOptions? options, int versions)
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
