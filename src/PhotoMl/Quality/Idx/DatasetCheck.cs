using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
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
            var (train, test) = (DatasetLoader.DrawDigits(DatasetSplits.Train), DatasetLoader.DrawDigits(DatasetSplits.Test));
            return Report(entry.Id, "built in", [], train, test, [], cancellationToken);
        }

        var folder = entry is null ? DatasetLoader.InspectFolder(data, options.Catalog) : Locate(entry, options);
        return CheckFolder(entry?.Id ?? data, folder, entry, cancellationToken);
    }

    private static DatasetFolder Locate(DatasetEntry entry, DatasetLoadOptions options)
    {
        var search = DatasetSearch.Run(entry, options);
        return search.Found ?? throw new DatasetNotFoundException(search);
    }

    private static DatasetCheckReport CheckFolder(string id, DatasetFolder folder, DatasetEntry? entry, CancellationToken cancellationToken)
    {
        var (files, contents) = (new List<DatasetFileCheck>(), new Dictionary<DatasetFileRole, IdxContent>());
        foreach (var (role, path) in folder.Files.OrderBy(file => file.Key))
        {
            var known = entry?.Files.First(file => file.Role == role);
            var onDisk = new FileInfo(path).Length;
            var check = new DatasetFileCheck { Role = JsonNamingPolicy.KebabCaseLower.ConvertName($"{role}"), Path = path, BytesOnDisk = onDisk, ExpectedSha256 = known?.Sha256 };
            try
            {
                var content = IdxContent.Read(path, IdxKind.Of(role), known: null, cancellationToken);
                check = check with { Bytes = content.Header.Length + content.Body.LongLength, Sha256 = content.Sha256() };
                if (known is not null && known.Sha256 != check.Sha256)
                {
                    throw new InvalidDatasetException(path, $"SHA-256 {known.Sha256} (uncompressed)", check.Sha256);
                }

                contents.Add(role, content);
            }
            catch (InvalidDatasetException exception)
            {
                check = check with { Problem = exception.Message };
            }

            files.Add(check);
        }

        var problems = files.Select(file => file.Problem).OfType<string>().ToList();
        var train = Combine(DatasetFileRole.TrainImages, DatasetFileRole.TrainLabels);
        var test = Combine(DatasetFileRole.TestImages, DatasetFileRole.TestLabels);
        return Report(id, folder.Path, files, train, test, problems, cancellationToken);

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

    private static DatasetCheckReport Report(
        string id,
        string source,
        IReadOnlyList<DatasetFileCheck> files,
        LabelledImages? train,
        LabelledImages? test,
        List<string> problems,
        CancellationToken cancellationToken)
    {
        var trainImages = new Dictionary<UInt128, byte>();
        var trainCheck = train is null ? null : CheckSplit(train, trainImages, cancellationToken);
        var testCheck = test is null ? null : CheckSplit(test, [], cancellationToken);
        if (train is not null && test is not null && (train.Height, train.Width) != (test.Height, test.Width))
        {
            var found = $"{test.Height} x {test.Width}";
            problems.Add($"{source}: expected test images of {train.Height} x {train.Width} as for training, but found {found}.");
        }

        return new DatasetCheckReport
        {
            Id = id,
            Source = source,
            Files = files,
            Train = trainCheck,
            Test = testCheck,
            TestImagesInTrain = train is null || test is null
                ? null
                : Enumerable.Range(0, test.Count).Count(i => trainImages.ContainsKey(Fingerprint(test.Image(i)))),
            Problems = problems,
        };
    }

    private static DatasetSplitCheck CheckSplit(
        LabelledImages images, Dictionary<UInt128, byte> firstLabels, CancellationToken cancellationToken)
    {
        var counts = new int[images.Labels.Max() + 1];
        var constant = new List<int>();
        var (duplicates, conflicts) = (0, 0);
        for (var i = 0; i < images.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var image = images.Image(i);
            var label = images.Labels[i];
            counts[label]++;
            if (!image.ContainsAnyExcept(image[0]))
            {
                constant.Add(i);
            }

            if (!firstLabels.TryAdd(Fingerprint(image), label))
            {
                duplicates++;
                conflicts += firstLabels[Fingerprint(image)] == label ? 0 : 1;
            }
        }

        return new DatasetSplitCheck
        {
            Images = images.Count,
            Height = images.Height,
            Width = images.Width,
            ClassCounts = counts,
            Duplicates = duplicates,
            ConflictingDuplicates = conflicts,
            Constant = constant,
        };
    }

    // Half of a SHA-256: no two different images will ever share it by chance.
    private static UInt128 Fingerprint(ReadOnlySpan<byte> image)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(image, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
