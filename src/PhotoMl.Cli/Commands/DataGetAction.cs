using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Data;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml data get</c> does.</summary>
internal sealed class DataGetAction(DataGetCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var options = host.DataOptions();
        var id = arguments.GetRequiredValue(command.Id);
        var entry = options.Catalog.Find(id)
            ?? throw new InputException(id, $"a known data set ({string.Join(", ", options.Catalog.Entries.Select(known => known.Id))})", "none of that name");
        var before = DataListAction.Locate(entry, options);
        var path = before ?? Download(entry, options, arguments.GetValue(command.Quiet));
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, new { Command = "data get", entry.Id, Path = path, Downloaded = before is null });
        }
        else
        {
            host.Out.WriteLine(entry.IsBuiltIn ? $"{entry.Id} is built in; there is nothing to download." : $"{entry.Id} is in {Text.Printable(path)}");
        }

        return ExitCode.Success;
    }

    private string Download(DatasetEntry entry, DatasetLoadOptions options, bool quiet)
    {
        using var progress = new TaskProgress(host, quiet);
        return DatasetLoader.Download(entry, options with { Progress = progress }, host.CancellationToken);
    }
}
