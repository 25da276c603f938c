using PhotoMl.Models;
using PhotoMl.Sampling;

namespace PhotoMl.Cli.Commands;

/// <summary>What a call of <c>photoml sample</c> asks for, checked before anything is made.</summary>
internal sealed record SampleRequest(SampleOptions Options, string? ClassName, long? OtherSeed, int Columns, int Scale)
{
    private const int DefaultCount = 64;
    private const int DefaultRows = 8;
    private const int MostClassColumns = 16;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    /// <exception cref="InputException">The model has no such class.</exception>
    public static SampleRequest Read(SampleCommand command, ParseResult arguments, string path, GeneratorInfo generator)
    {
        var ends = ReadEnds(command, arguments);
        var label = ReadClass(command.Class.Read(arguments), path, generator);
        if (ends is not null && generator.Network.Classes > 0)
        {
            label ??= 0; // a way between two images is one of a class
        }

        var (rows, columns) = (command.Rows.Read(arguments), command.Columns.Read(arguments));
        int? classColumns = label is null && generator.Network.Classes is > 1 and <= MostClassColumns and var classes ? classes : null;
        var count = ends is not null
            ? command.Steps.Read(arguments)
            : command.Count.Read(arguments) ?? (rows * columns) ?? (rows * classColumns) ?? (classColumns * DefaultRows) ?? DefaultCount;
        if (count > SampleCommand.MostImages)
        {
            throw new UsageException($"--rows, --columns: expected at most {SampleCommand.MostImages} images, but got {count}");
        }

        columns ??= ends is not null ? count
            : rows is { } given ? (count + given - 1) / given
            : classColumns ?? (int)Math.Ceiling(Math.Sqrt(count));
        if (rows * columns < count)
        {
            throw new UsageException(
                $"--count: expected at most {rows * columns} images for a grid of {rows} rows and {columns} columns, but got {count}");
        }

        var scale = command.Scale.Read(arguments);
        var options = new SampleOptions
        {
            Seed = ends?.From ?? command.Seed.Read(arguments),
            Count = count,
            Class = label,
            Truncation = command.Truncation.Read(arguments) ?? double.PositiveInfinity,
        };
        return new SampleRequest(options, label is { } index ? generator.ClassNames[index] : null, ends?.To, columns.Value, scale);
    }

    private static (long From, long To)? ReadEnds(SampleCommand command, ParseResult arguments)
    {
        if (arguments.GetValue(command.Interpolate) is not [var from, var to])
        {
            return command.Steps.IsGiven(arguments)
                ? throw new UsageException($"{command.Steps.Name}: expected it with {command.Interpolate.Name} only")
                : null;
        }

        const string Reason = "not to be given with --interpolate, which takes two seeds and --steps";
        ToolCommand.CheckNotGiven(arguments, Reason, command.Seed, command.Count, command.OutputDir);
        try
        {
            return (Values.ToInt64(from), Values.ToInt64(to));
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{command.Interpolate.Name}: {exception.Message}");
        }
    }

    private static int? ReadClass(string? name, string path, GeneratorInfo info)
    {
        if (name is null)
        {
            return null;
        }

        if (info.Network.Classes == 0)
        {
            throw new InputException(path, "a generator trained with labels for --class", "one that is not");
        }

        return info.FindClass(name) ?? throw new UsageException(
            $"--class: expected one of {string.Join(", ", info.ClassNames.Take(20))}, but got '{name}'");
    }
}
