using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Runtime;
using PhotoMl.Sampling;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml sample</c> takes.</summary>
internal sealed class SampleCommand : Command
{
    /// <summary>The name of the command.</summary>
    public const string CommandName = "sample";

    /// <summary>The most pictures of one call.</summary>
    public const int MostImages = 1_000_000;

    private const int MostInARow = 10_000;

    public SampleCommand()
        : base(CommandName, "Make images with a trained generator.")
    {
        Add(Model);
        Add(Count);
        Add(Seed);
        Add(Class);
        Add(Grid);
        Add(Rows);
        Add(Columns);
        Add(Scale);
        Add(OutputDir);
        Add(Overwrite);
        Add(Interpolate);
        Add(Steps);
        Add(Truncation);
        Add(Threads);
        Add(Precision);
        Add(Json);
        Add(Quiet);
    }

    public Argument<string> Model { get; } = CommonOptions.Model();

    public ValueOption<int?> Count { get; } =
        new("--count", "N", "How many images. [default: 64, or 8 of each class]", null, text => Values.Int32Between(1, MostImages)(text));

    public ValueOption<long> Seed { get; } = new("--seed", "N", "The seed: image k of a seed is always the same.", new SampleOptions().Seed, Values.ToInt64);

    public ValueOption<string?> Class { get; } = new("--class", "NAME", "The class of all images, by name or number. [default: all in turn]", null, Values.ToText);

    public ValueOption<string?> Grid { get; } = new("--grid", "FILE", "Write all images into one PNG file. [default: sample-SEED.png]", null, Values.ToText);

    public ValueOption<int?> Rows { get; } = new("--rows", "N", "The rows of the grid. [default: as many as it takes]", null, text => Values.Int32Between(1, MostInARow)(text));

    public ValueOption<int?> Columns { get; } = new("--columns", "N", "The columns of the grid. [default: as many as rows, or one a class]", null, text => Values.Int32Between(1, MostInARow)(text));

    public ValueOption<int> Scale { get; } = new("--scale", "N", "How large the grid draws each pixel.", 2, Values.Int32Between(1, 16));

    public ValueOption<string?> OutputDir { get; } = new("--output-dir", "DIR", "Write a PNG file of each image into this folder.", null, Values.ToText) { Aliases = { "-o" } };

    public Option<bool> Overwrite { get; } = CommonOptions.Overwrite();

    public Option<string[]> Interpolate { get; } = new("--interpolate")
    {
        Description = "Go from the first image of one seed to that of another.",
        HelpName = "SEED SEED",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    public ValueOption<int> Steps { get; } = new("--steps", "N", "The images of an interpolation, both ends included.", 10, Values.Int32Between(2, MostInARow));

    public ValueOption<double?> Truncation { get; } =
        new("--truncation", "X", "Draw random numbers beyond X again: more usual images, less variety. [default: off]", null, ToTruncation);

    public ValueOption<int?> Threads { get; } = CommonOptions.Threads();

    // Not by the processor: a seed's images are to be the same on every machine.
    public ValueOption<Precision> Precision { get; } = CommonOptions.Precision(Runtime.Precision.Float32);

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();

    private static double? ToTruncation(string text)
    {
        var value = Values.ToDouble(text);
        return value is >= 0.01 and <= 1000 ? value : throw new FormatException($"expected 0.01 to 1000, but got {text}");
    }
}
