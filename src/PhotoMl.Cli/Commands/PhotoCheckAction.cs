using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Quality;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml data check</c> does with a folder of photos.</summary>
internal sealed class PhotoCheckAction(DataCheckCommand command, CliHost host)
{
    public int Run(ParseResult arguments, string folder)
    {
        var sheet = command.Sheet.Read(arguments);
        if (sheet is not null)
        {
            OutputCheck.File(command.Sheet, sheet, arguments.GetValue(command.Overwrite), DatasetLoader.InputsOf(folder, host.DataOptions()));
        }

        using var progress = new TaskProgress(host, arguments.GetValue(command.Quiet));
        var report = PhotoCheck.Run(folder, progress.Show(host.DataOptions()), host.CancellationToken);
        progress.Dispose();
        var tiles = sheet is null ? [] : report.Suspicious;
        if (tiles.Count > 0)
        {
            report.WriteSheet(sheet!);
        }

        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, PhotoCheckJson.Of(report, tiles.Count > 0 ? sheet : null, tiles));
        }
        else
        {
            new PhotoCheckText(report, host.Width).Write(host.Out, sheet, tiles);
        }

        if (report.Unusable is { } reason)
        {
            host.Error.WriteLine($"{Cli.Name}: {Text.Printable(reason)}");
        }

        return report.IsUsable ? ExitCode.Success : ExitCode.BadInput;
    }
}
