using PhotoMl.Cli.Json;
using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml data check</c>.</summary>
internal sealed class DataCheckCommand : ToolCommand
{
    private readonly Argument<string> _set =
        new("SET") { Description = "A known data set, a folder with the four IDX files or with a folder of photos for each class, or a "
            + "CSV file that lists photos." };
    private readonly ValueOption<string?> _sheet = new("--sheet", "FILE.png", "Draw the suspicious photos.", null, Values.ToPng);

    public DataCheckCommand()
        : base("check") => AddAll(_set, _sheet, Overwrite, Json, Quiet);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var (set, options) = (arguments.GetRequiredValue(_set), host.DataOptions());
        if (DatasetLoader.IsPhotos(set, options.Catalog))
        {
            return CheckPhotos(arguments, host, set);
        }

        CheckNotGiven(arguments, $"with photos only, but {set} has none", _sheet);
        var report = DatasetCheck.Run(set, options, host.CancellationToken);
        Print(arguments, host, new IdxCheckJson(report), () => Write(host, report));
        return report.IsSound ? ExitCode.Success : ExitCode.BadInput;
    }

    private int CheckPhotos(ParseResult arguments, CliHost host, string set)
    {
        var sheet = _sheet.Read(arguments);
        if (sheet is not null)
        {
            OutputCheck.File(_sheet, sheet, arguments.GetValue(Overwrite), DatasetLoader.InputsOf(set, host.DataOptions()));
        }

        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var report = PhotoCheck.Run(set, host.DataOptions() with { Progress = progress }, host.CancellationToken);
        if (report.Notice is { } notice)
        {
            progress.Report(new StatusMessage(notice, IsWarning: true));
        }

        progress.Dispose();
        var tiles = sheet is null ? [] : report.Suspicious;
        if (tiles.Count > 0)
        {
            report.WriteSheet(sheet!);
        }

        Print(arguments, host, new PhotoCheckJson(report, tiles.Count > 0 ? sheet : null, tiles), () =>
            new PhotoCheckText(report, host.Width).Write(host.Out, sheet, tiles));
        if (report.Unusable is { } reason)
        {
            host.Error.WriteLine($"{Cli.Name}: {Text.Printable(reason)}");
        }

        return report.IsUsable ? ExitCode.Success : ExitCode.BadInput;
    }

    private static void Write(CliHost host, DatasetCheckReport report)
    {
        host.Out.WriteLine($"Set     {Text.Printable(report.Id)}");
        host.Out.WriteLine($"Source  {Text.Printable(report.Source)}");
        foreach (var file in report.Files)
        {
            var state = file.Problem is not null ? "damaged" : file.ExpectedSha256 is null ? "readable" : "verified";
            host.Out.WriteLine($"        {Text.Printable(Path.GetFileName(file.Path))}: {Text.Bytes(file.BytesOnDisk)}, {state}");
        }

        foreach (var (name, split) in new[] { ("Train", report.Train), ("Test", report.Test) })
        {
            if (split is not null)
            {
                host.Out.WriteLine(
                    $"{name,-7} {Text.Count(split.Images, "image")} of {split.Height}x{split.Width}, {split.ClassCounts.Min():N0} to "
                        + $"{split.ClassCounts.Max():N0} per class");
            }
        }

        string[] problems = [.. report.Problems.Append(report.Notice).OfType<string>()];
        foreach (var warning in report.Warnings.Except(problems))
        {
            host.Out.WriteLine($"        {warning}");
        }

        foreach (var problem in problems)
        {
            host.Error.WriteLine($"{Cli.Name}: {Text.Printable(UsageError.NameOptions(problem))}");
        }

        host.Out.WriteLine(report.IsSound ? "Sound" : "Not sound");
    }
}
