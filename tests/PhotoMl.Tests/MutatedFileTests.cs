using System.Text.Json;
using Xunit.Abstractions;

namespace PhotoMl.Tests;

/// <summary>Whatever bytes a file has, its reader reads it or refuses it in one line that names it: soon, and in bounded memory.</summary>
/// <remarks>Some mutations of each kind of file in every run; 10,000 of each by <c>tests/acceptance/mutations.sh</c>.</remarks>
public sealed class MutatedFileTests(ITestOutputHelper output) : FolderTests
{
    private const string Count = "PHOTOML_MUTATIONS"; // how many of each kind
    private const long MostAllocatedBytes = 48 << 20;
    private const long MostPictureBytes = (3L * ImageFile.MaximumPixels) + MostAllocatedBytes;
    private const long MostGrownBytes = 1L << 30; // resident; a picture of 100 megapixels takes 700 MB while it is decoded

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    // A sound file of each kind, and what reads it.
    private static readonly Dictionary<string, (Func<TemporaryFolder, byte[]> Make, Action<string> Read)> Kinds = new()
    {
        ["photo.jpg"] = (_ => Picture(SKEncodedImageFormat.Jpeg), ReadPicture),
        ["photo.png"] = (_ => Picture(SKEncodedImageFormat.Png), ReadPicture),
        ["photo.webp"] = (_ => Picture(SKEncodedImageFormat.Webp), ReadPicture),
        ["photo.gif"] = (_ => Gif(), ReadPicture),
        ["photo.bmp"] = (_ => Bmp(), ReadPicture),
        ["exif.jpg"] = (_ => ExifBytes.Into(JpegBytes.Grey(90), "Maker", "Maker One", "2024:05:01 10:11:12"), ReadExif),
        ["provenance.png"] = (_ => Provenance(), path => ImageProvenance.Read(path)),
        ["photos.csv"] = (_ => "path,label,split\n\"a.jpg\",one,train\nb.png,\"t \"\"w\"\" o\",test\n"u8.ToArray(), ReadList),
        ["images.idx"] = (_ => IdxBytes.Images(4), path => IdxContent.Read(path, IdxKind.Images)),
        ["images.gz"] = (_ => IdxBytes.Gzip(IdxBytes.Images(4)), path => IdxContent.Read(path, IdxKind.Images)),
        ["labels.idx"] = (_ => IdxBytes.Labels(1, 2, 3), path => IdxContent.Read(path, IdxKind.Labels)),
        ["tensors.safetensors"] = (Tensors((path, all, texts) => SafetensorsWriter.Write(path, [.. all], texts)), ReadTensors),
        ["tensors.pth"] = (Tensors((path, tensors, _) => StateDictFile.Write(path, tensors.ToDictionary())), ReadTensors),
        ["classifier.safetensors"] = (_ => EditableModelFile.Classifier.Valid, path => ClassifierFile.Load(path).Dispose()),
        ["generator.safetensors"] = (_ => EditableModelFile.Generator.Valid, path => GeneratorFile.Load(path).Dispose()),
        ["cnn/checkpoint.safetensors"] =
            (Interrupted("cnn", folder => TrainingRuns.Interrupt(TrainingRuns.Images(count: 80), folder)), ResumeCnn),
        ["gan/checkpoint.safetensors"] = (Interrupted("gan", folder => GanRuns.Interrupt(GanRuns.Images(), folder)), ResumeGan),
        ["run/metrics.csv"] = (_ => Metrics(), path => MetricsFile.Read(path)),
        ["run/split.csv"] = (_ => "path,split\n/a.jpg,train\n/b.jpg,validation\n"u8.ToArray(), ReadSplit),
        ["run/options.json"] = (_ => Settings(), ReadSettings),
        ["sorted.jsonl"] =
            (_ => "{\"target\":\"/t\"}\n{\"target\":\"/t/1\",\"source\":\"/s/1\",\"sha256\":\"0f\"}\n"u8.ToArray(), ReadSortList),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mutated_file_is_read_or_refused_in_one_line(string name)
    {
        var sound = Kinds[name].Make(Folder);
        Run(name, sound); // which grows what is held for good
        var before = Environment.WorkingSet;
        var given = Environment.GetEnvironmentVariable(Count);
        var count = given is { Length: > 0 } ? int.Parse(given, CultureInfo.InvariantCulture) : sound.Length < 1_000_000 ? 20 : 4;
        var most = name.StartsWith("photo.", StringComparison.Ordinal)
            ? MostPictureBytes
            : Math.Max(MostAllocatedBytes, 3L * sound.Length); // all of it may be a header
        var (read, slowest, largest, grown) = (0, TimeSpan.Zero, 0L, 0L);
        for (var seed = 1; seed <= count; seed++)
        {
            var mutated = Mutate(sound, new Random(seed));
            var (clock, allocated) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
            var problem = Run(name, mutated);
            read += problem is null ? 1 : 0;
            var (taken, bytes) = (clock.Elapsed, GC.GetAllocatedBytesForCurrentThread() - allocated);
            Assert.True(taken < Longest && bytes < most, $"{name}, seed {seed}: {taken.TotalSeconds:F1} s, {bytes:N0} bytes");
            (slowest, largest) = (taken > slowest ? taken : slowest, Math.Max(largest, bytes));
            if (Environment.WorkingSet - before > MostGrownBytes / 2)
            {
                GC.Collect(); // what the mutations themselves took
            }

            grown = Math.Max(grown, Environment.WorkingSet - before);
        }

        Assert.InRange(grown, long.MinValue, MostGrownBytes);
        output.WriteLine($"{name}: {count} mutated files, {read} read, {count - read} refused; at most {slowest.TotalMilliseconds:F0} ms, "
            + $"{largest / 1048576.0:F1} MiB allocated, {grown >> 20} MiB grown");
    }

    // What is wrong with the file by its reader; null where it is read.
    private string? Run(string name, byte[] content)
    {
        var path = Folder.Write(name, content);
        try
        {
            Kinds[name].Read(path);
            return null;
        }
        catch (PhotoMlException exception)
        {
            Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(exception.Message, char.IsControl);
            return exception.Message;
        }
    }

    // One to four changes: a bit, a byte, a number of two to eight bytes near its limits, a piece that is lost, doubled or moved.
    private static byte[] Mutate(byte[] sound, Random random)
    {
        var bytes = sound.ToList();
        for (var change = random.Next(2) * random.Next(4); change >= 0 && bytes.Count > 0; change--)
        {
            // Headers are where readers go wrong.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(64, bytes.Count) : bytes.Count);
            var length = Math.Min(1 + random.Next(random.Next(2) == 0 ? 8 : bytes.Count), bytes.Count - at);
            var piece = bytes.GetRange(at, length);
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2 or 3:
                    var extreme = (byte)(random.Next(4) switch { 0 => 0, 1 => 0x7F, 2 => 0x80, _ => 0xFF });
                    for (var i = at; i < Math.Min(at + (2 << random.Next(3)), bytes.Count); i++)
                    {
                        bytes[i] = extreme;
                    }

                    break;
                case 4:
                    bytes.RemoveRange(at, length);
                    break;
                case 5:
                    bytes.InsertRange(random.Next(bytes.Count), piece);
                    break;
                case 6:
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(random.Next(bytes.Count + 1), piece);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void ReadPicture(string path)
    {
        var info = PhotoExaminer.Examine(new PhotoEntry(path, 0, DatasetSplits.None));
        Assert.DoesNotContain(info.Problem ?? "", char.IsControl);
        ImageFile.Decode(path, 1, 1);
        ImageFile.Decode(path);
    }

    private static void ReadExif(string path)
    {
        Assert.InRange(ExifBlock.Read(File.ReadAllBytes(path)).Orientation, 1, 8);
        ReadPicture(path);
    }

    private static void ReadTensors(string path)
    {
        using var reader = TensorReader.OpenAny(path);
        foreach (var name in reader.Tensors.Keys)
        {
            reader.ReadTensor(name).Dispose();
        }
    }

    private static void ResumeCnn(string path)
    {
        using var run = RunFolder.Open(Path.GetDirectoryName(path)!);
        new Cnn(run).Dispose();
    }

    private static void ResumeGan(string path)
    {
        using var run = RunFolder.Open(Path.GetDirectoryName(path)!);
        new Gan(run).Dispose();
    }

    private static void ReadList(string path)
    {
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(path)!, "a.jpg"), []);
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(path)!, "b.png"), []);
        PhotoList.Open(path);
    }

    private static void ReadSortList(string path) => SortList.Read(path);

    private static void ReadSplit(string path) => RunFolder.ReadValidationPaths(Path.GetDirectoryName(path)!);

    private static void ReadSettings(string path)
    {
        File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(path)!, RunFolder.CheckpointName), []);
        using var run = RunFolder.Open(Path.GetDirectoryName(path)!);
        RunSettings.Read<ClassifierRunSettings>(run, ClassifierRun.Command);
    }

    private static byte[] Picture(SKEncodedImageFormat format)
    {
        byte[] rgba = [.. Enumerable.Range(0, 40 * 30 * 4).Select(i => (byte)(i % 4 == 3 ? 255 : (i * 7) ^ (i >> 5)))];
        return ImageFixture.Encode(format, 40, 30, rgba, quality: 80);
    }

    // One pixel, with an extension block before it.
    private static byte[] Gif() =>
        [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x21, 0xF9, 4, 1, 0, 0, 0, 0,
            0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3B];

    // 4 x 4 pixels of 24 bits.
    private static byte[] Bmp() =>
    [
        .. "BM"u8, 102, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 48, 0, 0, 0,
        .. new byte[16], .. IdxBytes.Pattern(48),
    ];

    private static byte[] Provenance()
    {
        var record = new ImageProvenance { ModelHash = new string('a', 64), Seed = 1, Index = 2, Precision = Precision.Float32 };
        return PngText.Add(Picture(SKEncodedImageFormat.Png), ImageProvenance.Keyword, record.ToText());
    }

    private static Func<TemporaryFolder, byte[]> Tensors(
        Action<string, IEnumerable<KeyValuePair<string, Tensor>>, Dictionary<string, string>> write) => folder =>
    {
        using var scope = NewDisposeScope();
        var path = folder.File("sound");
        write(path, [new("a", arange(6).reshape(2, 3).to(ScalarType.Float32)), new("b", tensor(true))], new() { ["k"] = "v" });
        return File.ReadAllBytes(path);
    };

    private static Func<TemporaryFolder, byte[]> Interrupted(string run, Action<string> interrupt) => folder =>
    {
        interrupt(folder.File(run));
        return File.ReadAllBytes(folder.File(run, RunFolder.CheckpointName));
    };

    private static byte[] Metrics()
    {
        var columns = ((IEpochReport)TrainingRuns.Report(1)).Columns.Select(column => column.Name);
        var rows = Enumerable.Range(1, 3).Select(epoch => MetricsFile.ToRow(TrainingRuns.Report(epoch)));
        return Encoding.UTF8.GetBytes(string.Join('\n', rows.Prepend(string.Join(',', columns))) + "\n");
    }

    private static byte[] Settings() => JsonSerializer.SerializeToUtf8Bytes(
        new ClassifierRunSettings
        {
            Command = ClassifierRun.Command, Data = "mnist", Limit = 100, Training = TrainingRuns.Options, Precision = Precision.Float32,
            Threads = 2,
        },
        PhotoMlJson.Indented);
}
