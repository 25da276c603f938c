#:project ../../src/PhotoMl/PhotoMl.csproj
#:package TorchSharp-cpu
#:property PublishAot=false

using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using PhotoMl;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Quality;
using PhotoMl.Runtime;

// Changes a share of the labels of MNIST or of a folder of photos, and measures how many of them a check of the labels finds: precision of
// the first n flagged, n being the number of changed ones, and average precision.
//   dotnet run -c Release tests/acceptance/noisy-labels.cs -- mnist|FOLDER SHARE uniform|pair SEED [KEEP]
// KEEP is a folder that keeps the data with the changed labels (noisy), the data without the flagged ones (cleaned), and lists of the
// changed and the doubtful ones. THREADS, NETWORK, IMAGE_SIZE and EPOCHS in the environment set what else is not the default.

var (data, share, kind, seed) = (args[0], double.Parse(args[1], CultureInfo.InvariantCulture), args[2], int.Parse(args[3]));
var work = args.Length > 4 ? Directory.CreateDirectory(args[4]).FullName : Directory.CreateTempSubdirectory("photoml-noise-").FullName;
NativeLibraries.TuneProcess();
NativeLibraries.EnsureLoaded();
var random = new Random(seed);
var (noisy, changed) = data == "mnist" ? ChangeIdx() : ChangePhotos();
File.WriteAllLines(Path.Combine(work, "changed.txt"), changed.Order(StringComparer.Ordinal));
var clock = System.Diagnostics.Stopwatch.StartNew();
var training = new ClassifierRunOptions
{
    Training = defaults => defaults with { Seed = seed, Epochs = Number("EPOCHS") ?? defaults.Epochs },
    Network = Environment.GetEnvironmentVariable("NETWORK") is { } name ? Enum.Parse<ClassifierArchitecture>(name, ignoreCase: true) : null,
    Loading = new DatasetLoadOptions { ImageSize = Number("IMAGE_SIZE") },
    Threads = Number("THREADS"),
};

var report = ClassifierRun.CheckLabels(noisy, options: training);
var found = report.Doubtful.Select(label => changed.Contains(label.Path ?? $"{label.Image}")).ToArray();
var first = found.Take(changed.Count).Count(isChanged => isChanged);
var (hits, sum) = (0, 0.0);
foreach (var (rank, isChanged) in found.Index().Where(label => label.Item))
{
    sum += ++hits / (rank + 1.0);
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{data} {share:P0} {kind} seed {seed}: {changed.Count} changed, precision of the first {changed.Count} "
        + $"{(double)first / changed.Count:F3}, average precision {sum / changed.Count:F3}, estimated {report.EstimatedWrong:F0} "
        + $"({report.EstimatedLow:F0} to {report.EstimatedHigh:F0}), balanced accuracy {report.BalancedAccuracy:F3}, "
        + $"{clock.Elapsed.TotalSeconds:F0} s"));
if (args.Length > 4)
{
    File.WriteAllText(Path.Combine(work, "doubtful.csv"), report.ToCsv());
    if (data == "mnist")
    {
        WriteCleanedIdx();
    }
    else
    {
        report.WriteList(Path.Combine(work, "cleaned.csv"));
    }
}
else
{
    Directory.Delete(work, recursive: true);
}

int? Number(string name) => Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

int Other(int label, int classes) => kind == "pair" ? (label + 1) % classes : (label + 1 + random.Next(classes - 1)) % classes;

(string, HashSet<string>) ChangeIdx()
{
    var source = Path.Combine(Environment.GetEnvironmentVariable("PHOTOML_DATA")!, "mnist");
    var folder = Directory.CreateDirectory(Path.Combine(work, "noisy")).FullName;
    foreach (var name in new[] { "train-images-idx3-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" })
    {
        File.WriteAllBytes(Path.Combine(folder, name), Unpack(Path.Combine(source, name + ".gz")));
    }

    const int HeaderBytes = 8;
    var labels = Unpack(Path.Combine(source, "train-labels-idx1-ubyte.gz"));
    var indices = Enumerable.Range(0, labels.Length - HeaderBytes).ToArray();
    random.Shuffle(indices);
    var chosen = indices.Take((int)Math.Round(share * indices.Length)).ToArray();
    Array.ForEach(chosen, i => labels[HeaderBytes + i] = (byte)Other(labels[HeaderBytes + i], 10));
    File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"), labels);
    return (folder, [.. chosen.Select(i => $"{i}")]);
}

void WriteCleanedIdx()
{
    var folder = Directory.CreateDirectory(Path.Combine(work, "cleaned")).FullName;
    foreach (var path in Directory.GetFiles(noisy))
    {
        File.Copy(path, Path.Combine(folder, Path.GetFileName(path)));
    }

    var flagged = report.Doubtful.Take(report.Flagged).Select(label => label.Image).ToHashSet();
    Keep("train-labels-idx1-ubyte", headerBytes: 8, itemBytes: 1);
    Keep("train-images-idx3-ubyte", headerBytes: 16, itemBytes: 28 * 28);

    void Keep(string name, int headerBytes, int itemBytes)
    {
        const int CountOffset = 4;
        var bytes = File.ReadAllBytes(Path.Combine(noisy, name));
        var items = bytes.Skip(headerBytes).Chunk(itemBytes).Where((_, image) => !flagged.Contains(image)).ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CountOffset), items.Length);
        File.WriteAllBytes(Path.Combine(folder, name), [.. bytes[..headerBytes], .. items.SelectMany(item => item)]);
    }
}

(string, HashSet<string>) ChangePhotos()
{
    var root = Path.Combine(data, "train") is var train && Directory.Exists(train) ? train : data;
    var classes = Directory.GetDirectories(root).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();
    var photos = classes.Index().SelectMany(one => Directory.GetFiles(Path.Combine(root, one.Item!)).Order(StringComparer.Ordinal)
        .Select(path => (Path: Path.GetFullPath(path), Label: one.Index))).ToArray();
    random.Shuffle(photos);
    var count = (int)Math.Round(share * photos.Length);
    var list = Path.Combine(work, "noisy.csv");
    File.WriteAllLines(list, [
        "path,label",
        .. photos.Index().Select(photo => (photo.Item.Path, Label: photo.Index < count ? Other(photo.Item.Label, classes.Length)
            : photo.Item.Label)).Select(photo => $"{photo.Path},{classes[photo.Label]}"),
    ]);
    return (list, [.. photos.Take(count).Select(photo => photo.Path)]);
}

static byte[] Unpack(string path)
{
    using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
    using var content = new MemoryStream();
    stream.CopyTo(content);
    return content.ToArray();
}
