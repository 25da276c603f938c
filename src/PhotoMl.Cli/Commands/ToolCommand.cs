using System.CommandLine;
using PhotoMl.Cli.Options;

namespace PhotoMl.Cli.Commands;

/// <summary>A command: what it takes, and what it does. It has the options that most have; what it adds is what it takes.</summary>
internal abstract class ToolCommand(string name) : Command(name)
{
    public ValueOption<int?> Threads { get; } = new(
        "--threads", "N", "The threads of the network. [default: all cores]", null,
        text => Values.Int32Between(1, 4 * Environment.ProcessorCount)(text));

    public Option<bool> Overwrite { get; } = new("--overwrite") { Description = "Replace a file that exists." };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as one line of JSON." };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "Show no progress." };

    /// <summary>Does what the command line asks for.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public abstract int Run(ParseResult arguments, CliHost host);

    /// <summary>Adds arguments and options, in the order of the help.</summary>
    protected void AddAll(params ReadOnlySpan<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                Add(argument);
            }
            else
            {
                Add((Option)symbol);
            }
        }
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
