using PhotoMl.Data;

namespace PhotoMl.Cli.Commands;

/// <summary>A command: what it takes, and what it does. It has the options that most have; what it adds is what it takes.</summary>
internal abstract class ToolCommand(string name) : Command(name)
{
    private const double Gibibyte = 1L << 30;

    /// <summary>The options by what they are for, where they are so many that the help shows them in groups.</summary>
    public IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> Groups { get; protected set; } = [];

    public ValueOption<int?> Threads { get; } = new(
        "--threads", "N", "The threads of the network. [default: all cores]", parse: Values.Between(1, 4 * Environment.ProcessorCount));

    public Option<bool> Transpose { get; } =
        new("--transpose") { Description = "Exchange rows and columns of the images of IDX files, as EMNIST needs." };

    public ValueOption<double> CacheLimit { get; } = new(
        "--cache-limit", "GIB", "The most disk space for all cached photos, in GiB.", DatasetLoadOptions.DefaultCacheLimit / Gibibyte,
        Values.Between(0.001, 1e6));

    public Option<bool> Overwrite { get; } = new("--overwrite") { Description = "Replace a file that exists." };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as one line of JSON." };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "Show no progress." };

    /// <summary>Does what the command line asks for.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public abstract int Run(ParseResult arguments, CliHost host);

    /// <summary>Adds arguments and options, in the order of the help.</summary>
    protected void AddAll(params Symbol[] symbols)
    {
        symbols.OfType<Argument>().ToList().ForEach(Add);
        symbols.OfType<Option>().ToList().ForEach(Add);
    }

    /// <summary>The options of training or explaining that the command line asks for.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="defaults">What holds where the command line says nothing.</param>
    protected TOptions ReadOptions<TOptions>(ParseResult arguments, TOptions defaults)
        where TOptions : new() =>
        Options.OfType<PropertyOption<TOptions>>().Aggregate(defaults, (options, option) => option.Apply(arguments, options));

    /// <summary>How data sets are loaded, with the progress shown.</summary>
    protected DatasetLoadOptions LoadingOf(ParseResult arguments, CliHost host, TaskProgress progress) => host.DataOptions() with
    {
        Progress = progress,
        CacheLimit = (long)(CacheLimit.Read(arguments) * Gibibyte),
        Transpose = arguments.GetValue(Transpose),
    };

    /// <summary>Prints a result, as one line of JSON or for people.</summary>
    /// <returns><see cref="ExitCode.Success"/>.</returns>
    protected int Print(ParseResult arguments, CliHost host, object document, Action write)
    {
        if (arguments.GetValue(Json))
        {
            JsonLine.Write(host.Out, document);
        }
        else
        {
            write();
        }

        return ExitCode.Success;
    }

    /// <summary>Refuses two options that exclude each other.</summary>
    protected static void CheckNotBoth(ParseResult arguments, Option<bool> first, Option<bool> second)
    {
        if (arguments.GetValue(first) && arguments.GetValue(second))
        {
            throw new UsageException($"{first.Name} and {second.Name}: expected one of them.");
        }
    }

    /// <summary>Refuses options that have no meaning here.</summary>
    protected static void CheckNotGiven(ParseResult arguments, string reason, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            if (arguments.GetResult(option) is { Implicit: false })
            {
                throw new UsageException($"{option.Name}: expected it {reason}");
            }
        }
    }
}
