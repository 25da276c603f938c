using System.CommandLine;
using PhotoMl.Cli.Json;
using PhotoMl.Cli.Output;
using PhotoMl.Data;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml data list</c>.</summary>
internal sealed class DataListCommand : ToolCommand
{
    public DataListCommand()
        : base("list") => AddAll(Json);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var options = host.DataOptions();
        var sets = options.Catalog.Entries;
        if (arguments.GetValue(Json))
        {
            JsonLine.Write(host.Out, new DataListJson(sets, entry => Locate(entry, options)));
            return ExitCode.Success;
        }

        var table = new TextTable("", "");
        foreach (var entry in sets)
        {
            table.Add(entry.Id, $"{entry.Title} (license: {entry.Licence})");
            table.Add("", Locate(entry, options) ?? NotHere(entry.Id));
        }

        table.Write(host.Out, hasHeadings: false);
        return ExitCode.Success;
    }

    /// <summary>Where a set is; null where it is not on the machine.</summary>
    public static string? Locate(DatasetEntry entry, DatasetLoadOptions options) =>
        entry.IsBuiltIn ? "built in" : DatasetLoader.Find(entry, options);

    public static string NotHere(string id) => $"not on this machine; run: {Cli.Name} data get {id}";
}
