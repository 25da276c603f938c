using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Runtime;
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
    public static SampleRequest Read(SampleCommand command, ParseResult arguments, string path, LoadedGenerator generator)
    {
        var ends = ReadEnds(command, arguments);
        var label = ReadClass(command.Class.Read(arguments), path, generator.Info);
        if (ends is not null && generator.Info.Network.Classes > 0)
        {
            label ??= 0; // a way between two images is one of a class
        }

        var (rows, columns) = (command.Rows.Read(arguments), command.Columns.Read(arguments));
        int? classColumns = label is null && generator.Info.Network.Classes is > 1 and <= MostClassColumns and var classes ? classes : null;
        var count = ends is not null
            ? command.Steps.Read(arguments)
            : command.Count.Read(arguments) ?? (rows * columns) ?? (rows * classColumns) ?? (classColumns * DefaultRows) ?? DefaultCount;
        if (count > SampleCommand.MostImages)
        {
            throw new UsageException($"--rows, --columns: expected at most {SampleCommand.MostImages} images, but got {count}");
        }

        columns ??= ends is not null ? count : rows is { } given ? (count + given - 1) / given : classColumns ?? (int)Math.Ceiling(Math.Sqrt(count));
        if (rows * columns < count)
        {
            throw new UsageException($"--count: expected at most {rows * columns} images for a grid of {rows} rows and {columns} columns, but got {count}");
        }

        var scale = command.Scale.Read(arguments);
        if (command.Grid.IsGiven(arguments) || !command.Separate.IsGiven(arguments))
        {
            CheckGrid(count, columns.Value, scale, generator.Info.Network);
        }

        var options = new SampleOptions
        {
            Seed = ends?.From ?? command.Seed.Read(arguments),
            Count = count,
            Class = label,
            Truncation = command.Truncation.Read(arguments) ?? double.PositiveInfinity,
        };
        return new SampleRequest(options, label is { } index ? generator.Info.ClassNames[index] : null, ends?.To, columns.Value, scale);
    }

    /// <summary>The receipt of all images in one grid.</summary>
    public ImageReceipt GridReceipt(LoadedGenerator generator) => ReceiptOf(generator, 0) with
    {
        Count = Options.Count,
        Columns = Columns,
        Scale = Scale,
        Class = ClassName,
    };

    /// <summary>The receipt of one image.</summary>
    public ImageReceipt ReceiptOf(LoadedGenerator generator, int index)
    {
        // An image of its own is told its class, whether it was asked for or came in turn.
        var network = generator.Info.Network;
        return new ImageReceipt
        {
            ModelHash = generator.Hash,
            Seed = Options.Seed,
            OtherSeed = OtherSeed,
            Index = index,
            Class = ClassName ?? (network.Classes > 0 ? generator.Info.ClassNames[GeneratorSampler.LabelOf(index, null, network.Classes)] : null),
            Truncation = double.IsFinite(Options.Truncation) ? Options.Truncation : null,
            Precision = generator.Model.Precision,
        };
    }

    private static (long From, long To)? ReadEnds(SampleCommand command, ParseResult arguments)
    {
        if (arguments.GetValue(command.Interpolate) is not [var from, var to])
        {
            return command.Steps.IsGiven(arguments)
                ? throw new UsageException($"{command.Steps.Name}: expected it with {command.Interpolate.Name} only")
                : null;
        }

        foreach (var option in new Option[] { command.Seed, command.Count, command.Separate })
        {
            if (arguments.GetResult(option) is { Implicit: false })
            {
                throw new UsageException($"{option.Name}: expected it not to be given with --interpolate, which takes two seeds and --steps");
            }
        }

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
            throw new InputException(path, "a conditional generator for --class (train-gan --conditional)", "one that is not");
        }

        return info.FindClass(name) ?? throw new InputException($"--class {name}", $"one of {string.Join(", ", info.ClassNames.Take(20))}", "no such class");
    }

    private static void CheckGrid(int count, int columns, int scale, DcganOptions network)
    {
        try
        {
            ImageGrid.SizeOf(count, columns, network.Height, network.Width, scale);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--grid: {exception.Message.Split(" (Parameter")[0]} Take fewer images, a smaller --scale, or --separate");
        }
    }
}
