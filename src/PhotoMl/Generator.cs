using PhotoMl.Data;
using PhotoMl.Export;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Sampling;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>A trained generator: makes images, verifies those it made, is evaluated and exported.</summary>
/// <example><code>
/// using var generator = Generator.Load("runs/digits");
/// generator.SampleGrid("digits.png", new SampleOptions { Count = 64 }, columns: 8);
/// </code></example>
public sealed partial class Generator : IDisposable
{
    // Images of a folder are made and written so many at a time, whatever their number.
    private const int Piece = 1024;

    // Another processor adds in another order, and a value between two levels may fall to either.
    private const int RoundingDifference = 2;

    private readonly LoadedGenerator _loaded;

    private Generator(string path, LoadedGenerator loaded) => (ModelPath, _loaded) = (path, loaded);

    /// <summary>The model file.</summary>
    public string ModelPath { get; }

    /// <summary>What the model file says of the generator.</summary>
    public GeneratorInfo Info => _loaded.Info;

    /// <summary>The network, in evaluation mode.</summary>
    public DcganGenerator Model => _loaded.Model;

    /// <summary>The SHA-256 of its weights, in hexadecimal.</summary>
    public string Hash => _loaded.Hash;

    /// <summary>Loads a model.</summary>
    /// <param name="path">A model file or the folder of a run.</param>
    /// <param name="precision">The dtype of the larger products. Default float32.</param>
    /// <returns>The generator, to be disposed by the caller.</returns>
    /// <exception cref="InvalidModelException">The file is missing, damaged or no generator.</exception>
    public static Generator Load(string path, Precision precision = Precision.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = RunFolder.ModelPathOf(path);
        var loaded = GeneratorFile.Load(file);
        loaded.Model.Precision = precision;
        return new Generator(file, loaded);
    }

    /// <summary>Whether a model is a generator, rather than a classifier.</summary>
    /// <param name="path">A model file or the folder of a run.</param>
    /// <returns>Whether it is.</returns>
    /// <exception cref="InvalidModelException">The file is missing, damaged or no model of this library.</exception>
    public static bool IsGenerator(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ModelFile.ReadKind(RunFolder.ModelPathOf(path)) == GeneratorInfo.GeneratorKind;
    }

    /// <summary>The names that <see cref="Sample"/> gives its files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Which images.</param>
    /// <returns>A path of each image, such as <c>folder/1-000042.png</c> of seed 1.</returns>
    public static IReadOnlyList<string> NamesOf(string folder, SampleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var names = Enumerable.Range(0, options.Count).Select(index => $"{options.Seed}-{options.First + index:D6}.png");
        return [.. names.Select(name => Path.Combine(folder, name))];
    }

    /// <summary>Makes images, a PNG file each, that say how they were made.</summary>
    /// <param name="folder">The folder; it is made where it is missing, and files of the same names are replaced.</param>
    /// <param name="options">Which images.</param>
    /// <param name="progress">Is given the number of images written.</param>
    /// <param name="cancellationToken">Stops between two blocks of images.</param>
    /// <returns>The paths of the files.</returns>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    /// <exception cref="OutputException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<string> Sample(
        string folder, SampleOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new SampleOptions();
        OutputException.ThrowIfInput(folder, [ModelPath]);
        AtomicFile.CreateFolder(folder);
        var paths = NamesOf(folder, options);
        for (var start = 0; start < paths.Count; start += Piece)
        {
            var first = start;
            var some = options with { First = options.First + start, Count = Math.Min(Piece, paths.Count - start) };
            using var pixels = GeneratorSampler.Sample(Model, some, cancellationToken: cancellationToken);
            var encoded = new byte[pixels.shape[0]][];
            Parallel.For(0, encoded.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            {
                using var one = pixels.narrow(0, i, 1);
                encoded[i] = GeneratedPng.Encode(one, ProvenanceOf(options, options.First + first + i, otherSeed: null));
            });
            foreach (var (i, content) in encoded.Index())
            {
                // Waiting for the disk after each of many small files takes longer than making them.
                AtomicFile.Write(paths[first + i], content, flush: false);
            }

            progress?.Report(first + encoded.Length);
        }

        return paths;
    }

    /// <summary>Makes a grid of images, one PNG file that says how it was made.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <param name="options">Which images.</param>
    /// <param name="columns">The columns of the grid, at least 1.</param>
    /// <param name="scale">How many pixels a pixel of an image takes on each side. Default 1.</param>
    /// <param name="otherSeed">Where the images go from the first image of the seed to that of this one. Default null: they do not.</param>
    /// <param name="cancellationToken">Stops between two blocks of images.</param>
    /// <exception cref="ArgumentException">There is no such class, or no grid of these sizes.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void SampleGrid(
        string path, SampleOptions options, int columns, int scale = 1, long? otherSeed = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        OutputException.ThrowIfInput(path, [ModelPath]);
        OutputException.ThrowIfNotWritable(path);
        try
        {
            ImageGrid.SizeOf(options.Count, columns, Info.Network.Height, Info.Network.Width, scale); // before the images are made
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException(
                $"Grid: {exception.Message.Split(" (Parameter")[0]} Take fewer images or a smaller scale", exception);
        }

        using var pixels = GeneratorSampler.Sample(Model, options, otherSeed, cancellationToken: cancellationToken);
        var provenance = ProvenanceOf(options, options.First, otherSeed) with
        {
            Count = options.Count,
            Columns = columns,
            Scale = scale,
            Class = options.Class is { } label ? Info.ClassNames[label] : null,
        };
        AtomicFile.Write(path, GeneratedPng.Encode(pixels, provenance));
    }

    /// <summary>Makes an image again by what it says of itself, and compares.</summary>
    /// <param name="path">A PNG file that <see cref="Sample"/> or <see cref="SampleGrid"/> wrote.</param>
    /// <returns>Whether it is the same image.</returns>
    /// <exception cref="UnreadableImageException">The file cannot be read.</exception>
    /// <exception cref="InvalidDatasetException">The file says nothing of how it was made, or what no model can follow.</exception>
    public ImageVerification Verify(string path)
    {
        var provenance = ImageProvenance.Read(path)
            ?? throw new InvalidDatasetException(path, "a PNG file that says how it was generated", "none");
        if (Hash != provenance.ModelHash)
        {
            return new ImageVerification { IsSame = false, IsOtherModel = true };
        }

        try
        {
            var difference = GeneratedPng.Compare(path, provenance, _loaded);
            return new ImageVerification { IsSame = difference <= RoundingDifference, LargestDifference = difference };
        }
        catch (ArgumentException exception)
        {
            var found = exception.Message.Split(" (Parameter")[0].TrimEnd('.');
            throw new InvalidDatasetException(path, "a provenance record that the model can follow", found);
        }
    }

    /// <summary>Exports the generator for other programs.</summary>
    /// <param name="path">The file; it is replaced where it exists.</param>
    /// <param name="options">The format.</param>
    /// <returns>What the file takes and gives.</returns>
    /// <exception cref="ArgumentException">The options are those of a classifier.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public ExportedModel Export(string path, ExportOptions? options = null)
    {
        options ??= new ExportOptions();
        var format = ModelExporter.Check(ModelPath, path, options, isGenerator: true);
        return ModelExporter.Export(_loaded, path, format, options.Float16);
    }

    /// <inheritdoc/>
    public void Dispose() => _loaded.Dispose();

    // An image of its own names its class, whether it was asked for or came in turn.
    private ImageProvenance ProvenanceOf(SampleOptions options, long index, long? otherSeed) => new()
    {
        ModelHash = Hash,
        Seed = options.Seed,
        OtherSeed = otherSeed,
        Index = index,
        Class = Info.Network.Classes > 0 ? Info.ClassNames[GeneratorSampler.LabelOf(index, options.Class, Info.Network.Classes)] : null,
        Truncation = double.IsFinite(options.Truncation) ? options.Truncation : null,
        Precision = Model.Precision,
    };
}
