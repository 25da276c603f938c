using System.Text;
using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>The folder of a run: the best model, the checkpoint, the metrics of every epoch, also for TensorBoard, and the
/// options.</summary>
/// <remarks>Only one process at a time can hold a run folder; the hold ends with the process, however it ends.</remarks>
public sealed class RunFolder : IDisposable
{
    internal const string CheckpointName = "checkpoint.safetensors";
    internal const string PhotosName = "photos.csv";

    private const string MetricsName = "metrics.csv";
    private const string ModelName = "model.safetensors";
    private const string OptionsName = "options.json";
    private const string LockName = ".lock";
    private const string SamplesName = "samples";
    private const string SplitName = "split.csv";
    private const string SplitHeader = "path,class,checksum,split";
    private const string OldSplitHeader = "path,split"; // of version 0.1
    private const string SkippedName = "skipped.csv";

    private static readonly string[] RunFiles = [CheckpointName, ModelName, MetricsName, OptionsName, TuningState.Name];

    // What a run writes before its first checkpoint.
    private static readonly string[] FirstFiles = [OptionsName, SplitName, SkippedName, PhotosName];

    private readonly FileStream _hold;

    private RunFolder(string path, FileStream hold) => (Path, _hold) = (path, hold);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The best model so far.</summary>
    public string ModelPath => ModelPathIn(Path);

    /// <summary>What the run goes on from.</summary>
    public string CheckpointPath => System.IO.Path.Combine(Path, CheckpointName);

    /// <summary>One row an epoch.</summary>
    public string MetricsPath => System.IO.Path.Combine(Path, MetricsName);

    /// <summary>What the run was started with.</summary>
    public string OptionsPath => System.IO.Path.Combine(Path, OptionsName);

    /// <summary>The photos that the run left out, with the reasons; there where there are any.</summary>
    public string SkippedPath => System.IO.Path.Combine(Path, SkippedName);

    /// <summary>The photos of the run, by which it can say later what was changed, and which of them it set aside itself; there where it
    /// is one of photos.</summary>
    public string SplitPath => System.IO.Path.Combine(Path, SplitName);

    /// <summary>The folder of the pictures that a generative run makes after each epoch.</summary>
    public string SamplesPath => System.IO.Path.Combine(Path, SamplesName);

    /// <summary>One picture of how a generative run's pictures came to be.</summary>
    public string ProgressPath => System.IO.Path.Combine(SamplesPath, "progress.png");

    /// <summary>Whether this process is writing a result: one that is about to end waits for it, or leaves a temporary file
    /// behind.</summary>
    public static bool IsWriting => AtomicFile.IsWriting;

    /// <summary>Whether a file is one that a run has written and goes on by: its checkpoint, model, options, metrics or pictures.</summary>
    /// <param name="path">The file; links are resolved.</param>
    public static bool IsPartOfRun(string path)
    {
        var file = RealPath.Of(path);
        var folder = System.IO.Path.GetDirectoryName(file) ?? file;
        var isPicture = System.IO.Path.GetFileName(folder) == SamplesName;
        var root = isPicture ? System.IO.Path.GetDirectoryName(folder)! : folder;
        var name = System.IO.Path.GetFileName(file);
        var isEvents = name.StartsWith("events.out.tfevents.", StringComparison.Ordinal);
        var isOfRun = isPicture || isEvents || name == LockName || RunFiles.Contains(name);
        return isOfRun && File.Exists(System.IO.Path.Combine(root, LockName));
    }

    /// <summary>The model file of a run folder.</summary>
    /// <param name="folder">The run folder.</param>
    /// <returns>Its path, whether it exists or not.</returns>
    public static string ModelPathIn(string folder) => System.IO.Path.Combine(folder, ModelName);

    /// <summary>The model that is named by its file or by the folder of its run; of a tuning it is the winner's.</summary>
    /// <param name="path">A model file or a run folder.</param>
    /// <returns>The path of the model file.</returns>
    public static string ModelPathOf(string path) => !Directory.Exists(path) ? path
        : ModelPathIn(File.Exists(System.IO.Path.Combine(path, TuningState.Name)) ? System.IO.Path.Combine(path, "winner") : path);

    internal string SampleGridPath(int epoch) => System.IO.Path.Combine(SamplesPath, $"epoch-{epoch:D4}.png");

    /// <summary>Makes the folder of a new run.</summary>
    /// <param name="path">The folder; it may exist if it is empty, or holds a run that was stopped before its first checkpoint.</param>
    /// <returns>The run folder, to be disposed by the caller.</returns>
    /// <exception cref="OutputException">It cannot be written, or is not empty.</exception>
    public static RunFolder Create(string path)
    {
        CheckEmpty(path); // before a lock is put beside somebody's files
        return Owned.Open(owned =>
        {
            var run = owned.Add(Hold(path, create: true));
            CheckEmpty(path); // another process may have trained in it since
            Array.ForEach(FirstFiles, name => File.Delete(System.IO.Path.Combine(path, name)));
            return run;
        });
    }

    /// <summary>Opens the folder of a run that was stopped.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>The run folder, to be disposed by the caller.</returns>
    /// <exception cref="InvalidModelException">It holds no checkpoint.</exception>
    /// <exception cref="OutputException">It cannot be written, or another process holds it.</exception>
    public static RunFolder Open(string path) => Open(path, CheckpointName);

    /// <summary>The same of a folder that goes on by a file of that name.</summary>
    internal static RunFolder Open(string path, string name) => File.Exists(System.IO.Path.Combine(path, name))
        ? Hold(path, create: false)
        : throw new InvalidModelException(
            path,
            $"a run folder with {name}",
            File.Exists(System.IO.Path.Combine(path, TuningState.Name)) ? "that of a tuning"
                : HoldsRun(path) ? "that of a run"
                : File.Exists(System.IO.Path.Combine(path, OptionsName))
                    ? "a run that was stopped before its first one; start it again there"
                : Directory.Exists(path) ? "none in it" : File.Exists(path) ? "a file; give the folder that it is in" : "no such folder");

    internal static bool HoldsRun(string folder) => File.Exists(System.IO.Path.Combine(folder, CheckpointName));

    internal void WriteOptions<T>(T options) => WriteText(OptionsPath, JsonSerializer.Serialize(options, PhotoMlJson.Indented) + "\n");

    /// <summary>Reads a file of text; whatever is wrong with it is told as one of what was expected.</summary>
    internal static T ReadText<T>(string path, string expected, Func<string, T> parse)
    {
        try
        {
            return parse(RegularFile.ReadAllText(path)) ?? throw new JsonException("null");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            or JsonException or ArgumentException or NotSupportedException or InvalidOperationException or InvalidDatasetException)
        {
            throw new InvalidModelException(path, expected, File.Exists(path) ? PhotoMlException.ReasonOf(exception) : "no such file");
        }
    }

    /// <summary>Writes which photos the run left out, and why; nothing where there are none.</summary>
    internal void WriteSkipped(IReadOnlyList<ImageFileEntry> skipped)
    {
        if (skipped.Count > 0)
        {
            WriteLines(SkippedPath, "path,reason", skipped.Select(photo => (photo.Path, Quote(photo.Problem ?? ""))));
        }
    }

    internal void WriteSplit(IEnumerable<(string Path, string Class, uint Checksum, string Split)> photos) => WriteLines(
        SplitPath, SplitHeader, photos.Select(photo => (photo.Path, $"{Quote(photo.Class)},{photo.Checksum},{photo.Split}")));

    /// <summary>Reads the photos that the run in a folder began with: the class and checksum of each path; null where it does not
    /// say.</summary>
    internal IReadOnlyDictionary<string, (string Class, string Checksum)>? ReadPhotos() =>
        ReadSplit(Path) is [{ Count: > 2 }, ..] lines
            ? lines.DistinctBy(line => line[0]).ToDictionary(line => line[0], line => (ForeignText.Unguard(line[1]), line[2]))
            : null;

    /// <summary>Reads which photos the run in a folder validates on; null where it does not say.</summary>
    internal static IReadOnlySet<string>? ReadValidationPaths(string folder) =>
        ReadSplit(folder)?.Where(line => line[^1] == "validation").Select(line => line[0]).ToHashSet(StringComparer.Ordinal)
            is { Count: > 0 } paths ? paths : null;

    /// <summary>Reads the checksums of the photos that the run in a folder trained on; empty where it does not say.</summary>
    internal static IReadOnlySet<string> ReadTrainChecksums(string folder) => (ReadSplit(folder) ?? [])
        .Where(line => line.Count > 2 && line[^1] is "train" or "unlabeled").Select(line => line[2]).ToHashSet(StringComparer.Ordinal);

    private static List<IReadOnlyList<string>>? ReadSplit(string folder)
    {
        var path = System.IO.Path.Combine(folder, SplitName);
        const string Expected = $"lines of {SplitHeader}";
        return !File.Exists(path) ? null : ReadText(path, Expected, text =>
        {
            var lines = CsvReader.Read(text, path).Select(line => line.Fields).ToList();
            var isSplit = lines.Count > 0 && string.Join(',', lines[0]) is SplitHeader or OldSplitHeader;
            return isSplit && lines.All(line => line.Count == lines[0].Count)
                ? lines[1..]
                : throw new InvalidModelException(path, Expected, "another");
        });
    }

    /// <summary>Releases the folder.</summary>
    public void Dispose() => _hold.Dispose();

    private static void CheckEmpty(string path) => AtomicFile.Guard(path, folder: path, write: () =>
    {
        string[] names = Directory.Exists(path)
            ? [.. Directory.EnumerateFileSystemEntries(path).Select(name => System.IO.Path.GetFileName(name))]
            : [];
        string[] own = names.Contains(LockName) ? [LockName, .. FirstFiles] : [];
        var others = names.Except(own).Where(name => !AtomicFile.IsTemporary(name)).ToList();
        if (others.Count > 0)
        {
            var state = others.Intersect(RunFiles).Any() ? "holds a run already; resume it, or" : "is not empty;";
            throw new OutputException(path, $"it {state} choose another folder");
        }
    });

    private static RunFolder Hold(string path, bool create)
    {
        try
        {
            if (create)
            {
                Directory.CreateDirectory(path);
            }

            var hold = System.IO.Path.Combine(path, LockName);
            RegularFile.Check(hold);
            var stream = new FileStream(hold, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            AtomicFile.DeleteLeftovers(path);
            return new RunFolder(path, stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = RegularFile.IsHeld(exception) ? "another process is training in it" : AtomicFile.Describe(exception, path);
            throw new OutputException(path, reason, exception);
        }
    }

    private static void WriteText(string path, string text) => AtomicFile.Write(path, Encoding.UTF8.GetBytes(text));

    private static void WriteLines(string path, string header, IEnumerable<(string Photo, string Value)> lines)
    {
        var texts = lines.Select(line => $"{Quote(System.IO.Path.GetFullPath(line.Photo))},{line.Value}\n");
        WriteText(path, string.Concat(texts.Prepend(header + "\n")));
    }

    // RFC 4180.
    private static string Quote(string text) => ForeignText.Quote(ForeignText.Guard(text));
}
