using System.Buffers.Binary;
using System.Security.Cryptography;
using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>Examines a data set file by file and image by image; nothing is downloaded, and a damaged file is reported, not
/// thrown.</summary>
public static class DatasetCheck
{
    /// <summary>Checks a data set.</summary>
    /// <param name="data">The id of a known set, or a folder that holds the four IDX files.</param>
    /// <param name="options">From where it is read; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>What was found out.</returns>
    /// <exception cref="InvalidDatasetException">The name means nothing.</exception>
    /// <exception cref="DatasetNotFoundException">The known set is not on the machine.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DatasetCheckReport Run(string data, DatasetLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(data);
        options ??= new DatasetLoadOptions();
        var entry = options.Catalog.Find(data);
        if (entry is { IsBuiltIn: true })
        {
            var builtIn = new DatasetCheckReport { Id = entry.Id, Source = "built in", Files = [], Problems = [] };
            var (drawn, drawnTest) = (DatasetLoader.DrawDigits(DatasetSplits.Train), DatasetLoader.DrawDigits(DatasetSplits.Test));
            return CheckImages(builtIn, drawn, drawnTest, cancellationToken);
        }

        var search = entry is null ? null : DatasetSearch.Run(entry, options);
        var folder = search is null
            ? DatasetLoader.InspectFolder(data, options.Catalog)
            : search.Found ?? throw new DatasetNotFoundException(search);
        var contents = new Dictionary<DatasetFileRole, IdxContent>();
        var files = folder.Files.Keys.Order().Select(CheckFile).ToList();
        var problems = files.Select(file => file.Problem).OfType<string>().ToList();
        var train = Combine(DatasetFileRole.TrainImages, DatasetFileRole.TrainLabels);
        var test = Combine(DatasetFileRole.TestImages, DatasetFileRole.TestLabels);
        if (train is not null && test is not null && (train.Height, train.Width) != (test.Height, test.Width))
        {
            var found = $"{test.Height} x {test.Width}";
            problems.Add($"{folder.Path}: expected test images of {train.Height} x {train.Width} as for training, but found {found}.");
        }

        var orientation = entry is null && !options.Transpose ? IdxOrientation.FindNotice(folder, train ?? test) : null;
        var report = new DatasetCheckReport
        {
            Id = entry?.Id ?? data, Source = folder.Path, Files = files, Problems = problems, Notice = orientation,
        };
        return CheckImages(report, train, test, cancellationToken);

        DatasetFileCheck CheckFile(DatasetFileRole role)
        {
            var (path, expected) = (folder.Files[role], entry?.Files.First(file => file.Role == role).Sha256);
            var check = new DatasetFileCheck { Path = path, BytesOnDisk = new FileInfo(path).Length, ExpectedSha256 = expected };
            try
            {
                var content = IdxContent.Read(path, IdxKind.Of(role), known: null, cancellationToken);
                check = check with { Bytes = content.Header.Length + content.Stored.LongLength, Sha256 = content.Sha256() };
                if (expected is not null && expected != check.Sha256)
                {
                    throw new InvalidDatasetException(path, $"SHA-256 {expected} (uncompressed)", check.Sha256);
                }

                contents.Add(role, content);
                return check;
            }
            catch (InvalidDatasetException exception)
            {
                return check with { Problem = exception.Message };
            }
        }

        LabelledImages? Combine(DatasetFileRole images, DatasetFileRole labels)
        {
            try
            {
                return contents.TryGetValue(images, out var pixels) && contents.TryGetValue(labels, out var classes)
                    ? LabelledImages.Combine(pixels, classes, entry?.ClassNames.Count)
                    : null;
            }
            catch (InvalidDatasetException exception)
            {
                problems.Add(exception.Message);
                return null;
            }
        }
    }

    private static DatasetCheckReport CheckImages(
        DatasetCheckReport report, LabelledImages? train, LabelledImages? test, CancellationToken cancellationToken)
    {
        var trainImages = new Dictionary<UInt128, byte>();
        return report with
        {
            Train = CheckSplit(train, trainImages, cancellationToken),
            Test = CheckSplit(test, [], cancellationToken),
            TestImagesInTrain = train is null || test is null
                ? null
                : Enumerable.Range(0, test.Count).Count(i => trainImages.ContainsKey(Fingerprint(test.Image(i)))),
        };
    }

    private static DatasetSplitCheck? CheckSplit(
        LabelledImages? images, Dictionary<UInt128, byte> firstLabels, CancellationToken cancellationToken)
    {
        if (images is null)
        {
            return null;
        }

        var (duplicates, conflicts) = (0, 0);
        for (var i = 0; i < images.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fingerprint = Fingerprint(images.Image(i));
            if (!firstLabels.TryAdd(fingerprint, images.Labels[i]))
            {
                duplicates++;
                conflicts += firstLabels[fingerprint] == images.Labels[i] ? 0 : 1;
            }
        }

        return new DatasetSplitCheck
        {
            Images = images.Count,
            Height = images.Height,
            Width = images.Width,
            ClassCounts = [.. Enumerable.Range(0, images.Labels.Max() + 1).Select(label => images.Labels.Count(value => value == label))],
            Duplicates = duplicates,
            ConflictingDuplicates = conflicts,
            Constant = [.. Enumerable.Range(0, images.Count).Where(i => !images.Image(i).ContainsAnyExcept(images.Image(i)[0]))],
        };
    }

    // Half of a SHA-256: no two different images will ever share it by chance.
    private static UInt128 Fingerprint(ReadOnlySpan<byte> image) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(image));
}

/// <summary>What a check found out about a data set.</summary>
public sealed record DatasetCheckReport
{
    /// <summary>The id of the known set, or the path of the folder.</summary>
    public required string Id { get; init; }

    /// <summary>Where the set was found: a folder, or <c>built in</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The files; none for a built-in set.</summary>
    public required IReadOnlyList<DatasetFileCheck> Files { get; init; }

    /// <summary>The images to train on; <see langword="null"/> where their files are not sound.</summary>
    public DatasetSplitCheck? Train { get; init; }

    /// <summary>The images to evaluate on; <see langword="null"/> where their files are not sound.</summary>
    public DatasetSplitCheck? Test { get; init; }

    /// <summary>How many test images are exact copies of a training image; <see langword="null"/> where a split is not sound.</summary>
    public int? TestImagesInTrain { get; init; }

    /// <summary>All that makes the set unusable, one line each; duplicates and constant images do not.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What else should be known, such as that the images are stored transposed; usually <see langword="null"/>.</summary>
    public string? Notice { get; init; }

    /// <summary>Whether the set can be used.</summary>
    public bool IsSound => Problems.Count == 0;

    /// <summary>All that is wrong with the set or may mislead, one line each: the problems, then copies, leaks and empty images.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            string? leaks = TestImagesInTrain is > 0 and var shared ? $"{shared:N0} test images are exact copies of training images" : null;
            var splits = WarningsOf("training", Train).Concat(WarningsOf("test", Test));
            return [.. Problems.Append(Notice).Append(leaks).Concat(splits).OfType<string>()];
        }
    }

    private static string?[] WarningsOf(string name, DatasetSplitCheck? split) =>
    [
        split is { Duplicates: > 0 and var copies, ConflictingDuplicates: var conflicts }
            ? $"{copies:N0} {name} images are copies of earlier ones, {conflicts:N0} of them with another label"
            : null,
        split is { Constant: [var first, ..] constant }
            ? $"{constant.Count:N0} {name} images are of one single value, the first at index {first}"
            : null,
    ];
}

/// <summary>What a check found out about one file.</summary>
public sealed record DatasetFileCheck
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Its size as it is stored.</summary>
    public required long BytesOnDisk { get; init; }

    /// <summary>Its uncompressed size; <see langword="null"/> where it cannot be read.</summary>
    public long? Bytes { get; init; }

    /// <summary>The SHA-256 of its uncompressed content; <see langword="null"/> where it cannot be read.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What the catalog says it should be; <see langword="null"/> where the file is not a known one.</summary>
    public string? ExpectedSha256 { get; init; }

    /// <summary>What is wrong with the file, in one line; <see langword="null"/> where nothing is.</summary>
    public string? Problem { get; init; }
}

/// <summary>What a check found out about the images of one split.</summary>
public sealed record DatasetSplitCheck
{
    /// <summary>The number of images.</summary>
    public required int Images { get; init; }

    /// <summary>The height of each image in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The width of each image in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>How many images each class has.</summary>
    public required IReadOnlyList<int> ClassCounts { get; init; }

    /// <summary>How many images are exact copies of an earlier one in the same split.</summary>
    public required int Duplicates { get; init; }

    /// <summary>How many of these copies carry another label than the earlier image.</summary>
    public required int ConflictingDuplicates { get; init; }

    /// <summary>The indices of the images that show one single value, such as all black.</summary>
    public required IReadOnlyList<int> Constant { get; init; }
}
