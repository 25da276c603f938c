using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml compare</c> does.</summary>
internal sealed class CompareAction(CompareCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        if (arguments.GetValue(command.Json) && arguments.GetValue(command.Csv))
        {
            throw new UsageException("--json and --csv: expected one of them.");
        }

        DeviceName.Resolve(command.Device.Read(arguments));
        TorchSession.Start(command.Threads.Read(arguments));
        var (firstPath, secondPath) = (ModelSource.PathOf(arguments.GetRequiredValue(command.First)), ModelSource.PathOf(arguments.GetRequiredValue(command.Second)));
        using var first = ModelSource.Load(firstPath, command.Precision.Read(arguments));
        using var second = ModelSource.Load(secondPath, command.Precision.Read(arguments));
        CheckClasses(first, firstPath, second, secondPath);

        var given = command.Data.Read(arguments);
        var name = given ?? EvaluateAction.TrainedOn(first.Info.Training, firstPath);
        if (command.Sheet.Read(arguments) is { } output)
        {
            OutputCheck.File(command.Sheet, output, arguments.GetValue(command.Overwrite), [firstPath, secondPath, .. DataSource.InputsOf(name, host.DataOptions())]);
        }

        using var firstData = Load(arguments, first, name, given is null, isKnown: false);

        // Photos are read a second time only for a network that sees them in another size or way.
        using var otherData = SeesTheSame(first, second) ? null : Load(arguments, second, name, given is null, isKnown: true);
        CheckOrder(firstData, first, second, secondPath);
        using var firstJudged = EvaluationData.Choose(firstData, first);
        using var secondJudged = EvaluationData.Choose(otherData ?? firstData, second);
        CheckPaths(firstJudged.Images, secondJudged.Images, firstData.Id);
        if (firstJudged.Remark is { } remark)
        {
            host.Error.WriteLine(Text.Printable(remark));
        }

        var drawn = firstJudged.Draw(command.Limit.Read(arguments));
        using var firstSome = drawn is null ? null : firstJudged.Images.Select(drawn);
        using var secondSome = drawn is null ? null : secondJudged.Images.Select(drawn);
        var images = firstSome ?? firstJudged.Images;
        var comparison = Compare(first, images, second, secondSome ?? secondJudged.Images, arguments.GetValue(command.Quiet));
        var differences = drawn is null ? comparison.Differences : [.. comparison.Differences.Select(image => image with { Index = drawn[image.Index] }).OrderBy(image => image.Index)];
        Write(arguments, new ComparisonOutput(comparison, differences, firstPath, secondPath, firstData, firstJudged));
        if (command.Sheet.Read(arguments) is { } sheet)
        {
            WriteSheet(sheet, images, comparison.Differences);
        }

        return ExitCode.Success;
    }

    private LoadedDataset Load(ParseResult arguments, LoadedClassifier classifier, string name, bool isItsOwn, bool isKnown) => EvaluationData.Load(
        classifier, name, isItsOwn, host, arguments.GetValue(command.Quiet), CommonOptions.ToBytes(command.CacheLimit.Read(arguments)), isKnown);

    private ClassifierComparison Compare(LoadedClassifier first, ImageDataset firstImages, LoadedClassifier second, ImageDataset secondImages, bool quiet)
    {
        using var line = new StatusLine(host, quiet);
        var progress = new SynchronousProgress<int>(done => line.Show(() => done <= firstImages.Count
            ? $"A: {done:N0} of {firstImages.Count:N0} images"
            : $"B: {done - firstImages.Count:N0} of {firstImages.Count:N0} images"));
        return ClassifierComparer.Compare(first, firstImages, second, secondImages, progress: progress, cancellationToken: host.CancellationToken);
    }

    private void Write(ParseResult arguments, ComparisonOutput output)
    {
        if (arguments.GetValue(command.Json))
        {
            output.WriteJson(host.Out);
        }
        else if (arguments.GetValue(command.Csv))
        {
            output.WriteCsv(host.Out);
        }
        else
        {
            output.WriteText(host.Out, host.Width, command.Show.Read(arguments));
        }
    }

    // Standard output is the result's; where the sheet is belongs to the messages.
    private void WriteSheet(string path, ImageDataset images, IReadOnlyList<ImageDifference> differences)
    {
        if (differences.Count == 0)
        {
            host.Error.WriteLine($"{Text.Printable(path)}: not written, for there is no image to draw.");
            return;
        }

        var shown = DifferenceSheet.WritePng(path, images, differences);
        host.Error.WriteLine($"{Text.Printable(path)}: {shown:N0} of {Text.Count(differences.Count, "image")}; A+ B- are those that only A is right about.");
    }

    private static bool SeesTheSame(LoadedClassifier first, LoadedClassifier second) =>
        first.Info.Preprocessing == second.Info.Preprocessing && (first.Model.Options.Height, first.Model.Options.Width) == (second.Model.Options.Height, second.Model.Options.Width);

    private static void CheckClasses(LoadedClassifier first, string firstPath, LoadedClassifier second, string secondPath)
    {
        var (expected, found) = (first.Info.ClassNames, second.Info.ClassNames);
        if (!expected.ToHashSet().SetEquals(found))
        {
            var odd = found.Except(expected).FirstOrDefault() is { } more ? $", among them {more}" : $", without {expected.Except(found).First()}";
            throw new InputException(secondPath, $"the {expected.Count} classes of {firstPath} ({Text.Few(expected)})", $"{found.Count}{odd}");
        }
    }

    // A folder of IDX files has numbers for labels, which mean a model's classes by their order.
    private static void CheckOrder(LoadedDataset data, LoadedClassifier first, LoadedClassifier second, string secondPath)
    {
        if (!data.IsPhotos && DatasetCatalog.Default.Find(data.Id) is null && !first.Info.ClassNames.SequenceEqual(second.Info.ClassNames))
        {
            throw new InputException(secondPath, $"classes in the order of the other model's, for {data.Id} numbers them", "another order");
        }
    }

    private static void CheckPaths(ImageDataset first, ImageDataset second, string data)
    {
        if (first.Paths is { } paths && !paths.SequenceEqual(second.Paths ?? []))
        {
            throw new InputException(data, "the same photos for both models", "photos that came or went while they were read");
        }
    }
}
