using System.Diagnostics;
using PhotoMl.Cli.Json;
using PhotoMl.IO;
using PhotoMl.Runtime;
using PhotoMl.Sampling;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml sample</c>.</summary>
internal sealed class SampleCommand : ToolCommand
{
    /// <summary>The most pictures of one call.</summary>
    public const int MostImages = 1_000_000;

    private const int MostInARow = 10_000;

    private readonly Argument<string> _model = CommonOptions.Model();

    // Not by the processor: a seed's images are to be the same on every machine.
    private readonly ValueOption<Precision> _precision = CommonOptions.Precision(@default: Precision.Float32);

    public SampleCommand()
        : base("sample") =>
        AddAll(
            _model, Count, Seed, Class, Grid, Rows, Columns, Scale, OutputDir, Overwrite, Interpolate, Steps, Truncation, Threads,
            _precision, Json, Quiet);

    public ValueOption<int?> Count { get; } =
        CommonOptions.Int32("--count", "How many images. [default: 64, or 8 of each class]", 1, MostImages);

    public ValueOption<long> Seed { get; } =
        CommonOptions.Seed("The seed: image k of a seed is always the same.", new SampleOptions().Seed);

    public ValueOption<string?> Class { get; } = CommonOptions.Text(
        "--class", "NAME", "The class of all images, by name or number, of a generator trained with labels. [default: all in turn]");

    public ValueOption<string?> Grid { get; } =
        CommonOptions.Text("--grid", "FILE", "Write all images into one PNG file. [default: sample-SEED.png]");

    public ValueOption<int?> Rows { get; } =
        CommonOptions.Int32("--rows", "The rows of the grid. [default: as many as needed]", 1, MostInARow);

    public ValueOption<int?> Columns { get; } =
        CommonOptions.Int32("--columns", "The columns of the grid. [default: as many as rows, or one for each class]", 1, MostInARow);

    public ValueOption<int> Scale { get; } =
        new("--scale", "N", "The size of each image's pixel in the grid.", 2, Values.Int32Between(1, 16));

    public ValueOption<string?> OutputDir { get; } = new(
        "--output-dir", "DIR", "Write each image into a PNG file of its own in this folder.", null, Values.ToText) { Aliases = { "-o" } };

    public Option<string[]> Interpolate { get; } = new("--interpolate")
    {
        Description = "Interpolate from the first image of one seed to that of another, of the first class without --class.",
        HelpName = "SEED SEED",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    public ValueOption<int> Steps { get; } =
        new("--steps", "N", "The images of an interpolation, both ends included.", 10, Values.Int32Between(2, MostInARow));

    public ValueOption<double?> Truncation { get; } = new(
        "--truncation",
        "X",
        "Draw latents beyond X again: more typical images, less diversity. [default: off]",
        null,
        text => Values.ToDouble(text) is >= 0.01 and <= 1000 and var value
            ? value
            : throw new FormatException($"expected 0.01 to 1000, but got {text}"));

    public override int Run(ParseResult arguments, CliHost host)
    {
        var threads = TorchSession.Start(Threads.Read(arguments));
        var path = RunFolder.ModelPathOf(arguments.GetRequiredValue(_model));
        using var generator = Generator.Load(path, _precision.Read(arguments));
        var request = SampleRequest.Read(this, arguments, path, generator.Info);
        var options = request.Options;

        var folder = OutputDir.Read(arguments);
        var grid = Grid.Read(arguments) ?? (folder is null ? OutputCheck.UnusedPng($"sample-{options.Seed}") : null);
        var overwrite = arguments.GetValue(Overwrite);
        if (folder is not null)
        {
            OutputException.ThrowIfInput(folder, [path]);
            Array.ForEach([.. Generator.NamesOf(folder, options)], file => OutputCheck.Unused(file, overwrite));
        }

        if (grid is not null)
        {
            OutputCheck.File(Grid, grid, overwrite, [path]);
        }

        var clock = Stopwatch.StartNew();
        using var line = new StatusLine(host, arguments.GetValue(Quiet));
        var progress = new SynchronousProgress<int>(done => line.Show(() => $"{done:N0} of {Text.Count(options.Count, "image")}"));
        if (grid is not null)
        {
            generator.SampleGrid(grid, options, request.Columns, request.Scale, request.OtherSeed, host.CancellationToken);
        }

        string[] files =
        [
            .. folder is null ? [] : generator.Sample(folder, options, progress, host.CancellationToken),
            .. grid is null ? Array.Empty<string>() : [grid],
        ];
        line.Dispose();

        return Print(arguments, host, new SampleJson(path, generator, request, files, clock.Elapsed, threads), () =>
        {
            host.Out.WriteLine(
                $"Generated  {Text.Count(options.Count, "image")}{(request.ClassName is { } name ? $" of {Text.Printable(name)}" : "")} in "
                + $"{Text.Duration(clock.Elapsed)}");
            if (folder is not null)
            {
                host.Out.WriteLine($"Files      {Text.Printable(folder)}");
            }

            if (grid is not null)
            {
                var (rows, columns) = ((options.Count + request.Columns - 1) / request.Columns, request.Columns);
                host.Out.WriteLine($"Grid       {Text.Printable(grid)}, {Text.Count(rows, "row")} and {Text.Count(columns, "column")}");
            }
        });
    }
}
