using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Data;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml data list</c> does.</summary>
internal sealed class DataListAction(DataListCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var options = host.DataOptions();
        var sets = options.Catalog.Entries.Select(entry => (Entry: entry, Place: Locate(entry, options))).ToArray();
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, new
            {
                Command = "data list",
                Sets = sets.Select(set => new { set.Entry.Id, set.Entry.Title, set.Entry.Licence, set.Entry.Credit, Path = set.Place }),
            });
            return ExitCode.Success;
        }

        var table = new TextTable("Id", "Title", "Licence", "Where");
        foreach (var (entry, place) in sets)
        {
            table.Add(entry.Id, entry.Title, entry.Licence, place ?? $"not on this machine; run '{Cli.Name} data get {entry.Id}'");
        }

        table.Write(host.Out);
        return ExitCode.Success;
    }

    /// <summary>Where a set is; null where it is not on the machine.</summary>
    public static string? Locate(DatasetEntry entry, DatasetLoadOptions options) =>
        entry.IsBuiltIn ? "built in" : DatasetLoader.Find(entry, options);
}
