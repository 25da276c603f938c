using System.Diagnostics;
using PhotoMl.IO;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Sampling;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml sample</c>.</summary>
internal sealed class SampleCommand : ToolCommand
{
    private const int MostImages = 1_000_000;
    private const int MostInARow = 10_000;
    private const int DefaultCount = 64;
    private const int DefaultRows = 8;
    private const int MostClassColumns = 16;

    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly ValueOption<int?> _count =
        new("--count", "N", "How many images. [default: 64, or 8 of each class]", parse: Values.Between(1, MostImages));
    private readonly ValueOption<long> _seed =
        new("--seed", "N", "The seed: image k of a seed is always the same.", new SampleOptions().Seed);
    private readonly ValueOption<string?> _class = new(
        "--class", "NAME", "The class of all images, by name or number, of a generator trained with labels. [default: all in turn]");
    private readonly ValueOption<string?> _grid =
        new("--grid", "FILE", "Write all images into one PNG file. [default: sample-SEED.png]");
    private readonly ValueOption<int?> _rows =
        new("--rows", "N", "The rows of the grid. [default: as many as needed]", parse: Values.Between(1, MostInARow));
    private readonly ValueOption<int?> _columns = new(
        "--columns", "N", "The columns of the grid. [default: as many as rows, or one for each class]",
        parse: Values.Between(1, MostInARow));
    private readonly ValueOption<int> _scale =
        new("--scale", "N", "The size of each image's pixel in the grid.", 2, Values.Between(1, 16));
    private readonly ValueOption<string?> _outputDir =
        new("--output-dir", "DIR", "Write each image into a PNG file of its own in this folder.", alias: "-o");
    private readonly Option<string[]> _interpolate = new("--interpolate")
    {
        Description = "Interpolate from the first image of one seed to that of another, of the first class without --class.",
        HelpName = "SEED SEED",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly ValueOption<int> _steps =
        new("--steps", "N", "The images of an interpolation, both ends included.", 10, Values.Between(2, MostInARow));
    private readonly ValueOption<double?> _truncation = new(
        "--truncation", "X", "Draw latents beyond X again: more typical images, less diversity. [default: off]",
        parse: Values.Between(0.01, 1000));

    // Not by the processor: a seed's images are to be the same on every machine.
    private readonly ValueOption<Precision> _precision = CommonOptions.Precision(@default: Precision.Float32);

    public SampleCommand()
        : base("sample") =>
        AddAll(
            _model, _count, _seed, _class, _grid, _rows, _columns, _scale, _outputDir, Overwrite, _interpolate, _steps, _truncation,
            Threads, _precision, Json, Quiet);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var threads = TorchSession.Start(Threads.Read(arguments));
        var path = RunFolder.ModelPathOf(arguments.GetRequiredValue(_model));
        using var generator = Generator.Load(path, _precision.Read(arguments));
        var request = Read(arguments, path, generator.Info);
        var options = request.Options;

        var folder = _outputDir.Read(arguments);
        var grid = _grid.Read(arguments) ?? (folder is null ? OutputCheck.UnusedPng($"sample-{options.Seed}") : null);
        var overwrite = arguments.GetValue(Overwrite);
        if (folder is not null)
        {
            OutputException.ThrowIfInput(folder, [path]);
            Array.ForEach([.. Generator.NamesOf(folder, options)], file => OutputCheck.Unused(file, overwrite));
        }

        if (grid is not null)
        {
            OutputCheck.File(_grid, grid, overwrite, [path]);
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

        var seconds = clock.Elapsed.TotalSeconds;
        var document = new
        {
            Command = "sample",
            Model = path,
            ModelHash = generator.Hash,
            options.Count,
            options.Seed,
            request.OtherSeed,
            Class = request.ClassName,
            options.Truncation, // null where it is infinite
            Files = files,
            Seconds = seconds,
            ImagesPerSecond = options.Count / Math.Max(seconds, 1e-9),
            Device = Cli.Cpu,
            Precision = Values.Word(generator.Model.Precision),
            Threads = threads,
        };
        return Print(arguments, host, document, () =>
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

    /// <summary>Reads the command line.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    /// <exception cref="InputException">The model has no such class.</exception>
    private SampleRequest Read(ParseResult arguments, string path, GeneratorInfo generator)
    {
        var ends = ReadEnds(arguments);
        var label = ReadClass(_class.Read(arguments), path, generator);
        if (ends is not null && generator.Network.Classes > 0)
        {
            label ??= 0; // a way between two images is one of a class
        }

        var (rows, columns) = (_rows.Read(arguments), _columns.Read(arguments));
        int? classColumns = label is null && generator.Network.Classes is > 1 and <= MostClassColumns and var classes ? classes : null;
        var count = ends is not null
            ? _steps.Read(arguments)
            : _count.Read(arguments) ?? (rows * columns) ?? (rows * classColumns) ?? (classColumns * DefaultRows) ?? DefaultCount;
        if (count > MostImages)
        {
            throw new UsageException($"--rows, --columns: expected at most {MostImages} images, but got {count}");
        }

        columns ??= ends is not null ? count
            : rows is { } given ? (count + given - 1) / given
            : classColumns ?? (int)Math.Ceiling(Math.Sqrt(count));
        if (rows * columns < count)
        {
            throw new UsageException(
                $"--count: expected at most {rows * columns} images for a grid of {rows} rows and {columns} columns, but got {count}");
        }

        var scale = _scale.Read(arguments);
        var options = new SampleOptions
        {
            Seed = ends?.From ?? _seed.Read(arguments),
            Count = count,
            Class = label,
            Truncation = _truncation.Read(arguments) ?? double.PositiveInfinity,
        };
        return new SampleRequest(options, label is { } index ? generator.ClassNames[index] : null, ends?.To, columns.Value, scale);
    }

    private (long From, long To)? ReadEnds(ParseResult arguments)
    {
        if (arguments.GetValue(_interpolate) is not [var from, var to])
        {
            return _steps.IsGiven(arguments)
                ? throw new UsageException($"{_steps.Name}: expected it with {_interpolate.Name} only")
                : null;
        }

        const string Reason = "not to be given with --interpolate, which takes two seeds and --steps";
        CheckNotGiven(arguments, Reason, _seed, _count, _outputDir);
        try
        {
            return (Values.ToWhole<long>(from), Values.ToWhole<long>(to));
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{_interpolate.Name}: {exception.Message}");
        }
    }

    private static int? ReadClass(string? name, string path, GeneratorInfo info) => name is null ? null
        : info.Network.Classes == 0
            ? throw new InputException(path, "a generator trained with labels for --class", "one that is not")
        : info.FindClass(name) ?? throw new UsageException(
            $"--class: expected one of {string.Join(", ", info.ClassNames.Take(20))}, but got '{name}'");
}

/// <summary>What a call of <c>photoml sample</c> asks for, checked before anything is made.</summary>
internal sealed record SampleRequest(SampleOptions Options, string? ClassName, long? OtherSeed, int Columns, int Scale);
