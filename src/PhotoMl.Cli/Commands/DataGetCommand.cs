using PhotoMl.Data;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml data get</c>.</summary>
internal sealed class DataGetCommand : ToolCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "The data set, such as mnist." };

    public DataGetCommand()
        : base("get") => AddAll(_id, Json, Quiet);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var options = host.DataOptions();
        var id = arguments.GetRequiredValue(_id);
        var entry = options.Catalog.Find(id)
            ?? throw new InputException(
                id, $"a known data set ({string.Join(", ", options.Catalog.Entries.Select(known => known.Id))})", "none of that name");
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var before = DataListCommand.Locate(entry, options);
        var path = before ?? DatasetLoader.Download(entry, options with { Progress = progress }, host.CancellationToken);
        progress.Dispose();
        var document = new { entry.Id, Path = path, Downloaded = before is null, Command = "data get" };
        return Print(arguments, host, document, () => host.Out.WriteLine(
            entry.IsBuiltIn ? $"{entry.Id} is built in; there is nothing to download." : $"{entry.Id} is in {Text.Printable(path)}"));
    }
}
