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
        var sets = options.Catalog.Entries
            .Select(entry => new { entry.Id, entry.Title, entry.Licence, entry.Credit, Path = Locate(entry, options) }).ToList();
        var table = new TextTable("", "");
        foreach (var set in sets)
        {
            table.Add(set.Id, $"{set.Title} (license: {set.Licence})");
            table.Add("", set.Path ?? NotHere(set.Id));
        }

        return Print(arguments, host, new { Command = "data list", Sets = sets }, () => table.Write(host.Out, hasHeadings: false));
    }

    /// <summary>Where a set is; null where it is not on the machine.</summary>
    public static string? Locate(DatasetEntry entry, DatasetLoadOptions options) =>
        entry.IsBuiltIn ? "built in" : DatasetLoader.Find(entry, options);

    public static string NotHere(string id) => $"not on this machine; run: {Cli.Name} data get {id}";
}
