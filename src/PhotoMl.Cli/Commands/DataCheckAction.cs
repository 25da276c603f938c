using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml data check</c> does.</summary>
internal sealed class DataCheckAction(DataCheckCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var (set, options) = (arguments.GetRequiredValue(command.Set), host.DataOptions());
        if (DatasetLoader.IsPhotos(set, options.Catalog))
        {
            return new PhotoCheckAction(command, host).Run(arguments, set);
        }

        if (command.Sheet.IsGiven(arguments))
        {
            throw new UsageException("--sheet shows photos, but the data set has none.");
        }

        var report = DatasetCheck.Run(set, options, host.CancellationToken);
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, report);
        }
        else
        {
            Write(report);
        }

        return report.IsSound ? ExitCode.Success : ExitCode.BadInput;
    }

    private void Write(DatasetCheckReport report)
    {
        host.Out.WriteLine($"Set     {Text.Printable(report.Id)}");
        host.Out.WriteLine($"Source  {Text.Printable(report.Source)}");
        foreach (var file in report.Files)
        {
            var state = file.Problem is not null ? "damaged" : file.ExpectedSha256 is null ? "readable" : "verified";
            host.Out.WriteLine($"        {Text.Printable(Path.GetFileName(file.Path))}: {Text.Bytes(file.BytesOnDisk)}, {state}");
        }

        Write("Train", report.Train);
        Write("Test", report.Test);
        if (report.TestImagesInTrain is > 0 and var shared)
        {
            host.Out.WriteLine($"Note    {shared:N0} test images are exact copies of training images");
        }

        foreach (var problem in report.Problems)
        {
            host.Error.WriteLine($"{Cli.Name}: {Text.Printable(problem)}");
        }

        host.Out.WriteLine(report.IsSound ? "Sound" : "Not sound");
    }

    private void Write(string name, DatasetSplitCheck? split)
    {
        if (split is null)
        {
            return;
        }

        host.Out.WriteLine(
            $"{name,-7} {split.Images:N0} images of {split.Height}x{split.Width}, {split.ClassCounts.Min():N0} to {split.ClassCounts.Max():N0} a class");
        if (split.Duplicates > 0)
        {
            host.Out.WriteLine($"        {split.Duplicates:N0} copies of earlier images, {split.ConflictingDuplicates:N0} of them with another label");
        }

        if (split.Constant.Count > 0)
        {
            host.Out.WriteLine($"        {split.Constant.Count:N0} images of one single value, the first at index {split.Constant[0]}");
        }
    }
}
