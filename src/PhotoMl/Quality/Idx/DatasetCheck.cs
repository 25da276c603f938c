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
            var content = DatasetLoader.Read(entry.Id, options, cancellationToken);
            return Report(entry.Id, content.Source, [], content.Train, content.Test, [], cancellationToken);
        }

        if (entry is null)
        {
            return CheckFolder(data, DatasetLoader.InspectFolder(data, options.Catalog), null, cancellationToken);
        }

        var search = DatasetSearch.Run(entry, options);
        return CheckFolder(entry.Id, search.Found ?? throw new DatasetNotFoundException(search), entry, cancellationToken);
    }

    private static DatasetCheckReport CheckFolder(string id, DatasetFolder folder, DatasetEntry? entry, CancellationToken cancellationToken)
    {
        var contents = new Dictionary<DatasetFileRole, IdxContent>();
        var files = folder.Files.Keys.Order().Select(CheckFile).ToList();
        var problems = files.Select(file => file.Problem).OfType<string>().ToList();
        var train = Combine(DatasetFileRole.TrainImages, DatasetFileRole.TrainLabels);
        var test = Combine(DatasetFileRole.TestImages, DatasetFileRole.TestLabels);
        return Report(id, folder.Path, files, train, test, problems, cancellationToken);

        DatasetFileCheck CheckFile(DatasetFileRole role)
        {
            var (path, expected) = (folder.Files[role], entry?.Files.First(file => file.Role == role).Sha256);
            var check = new DatasetFileCheck
            {
                Role = JsonNamingPolicy.KebabCaseLower.ConvertName($"{role}"),
                Path = path,
                BytesOnDisk = new FileInfo(path).Length,
                ExpectedSha256 = expected,
            };
            try
            {
                var content = IdxContent.Read(path, IdxKind.Of(role), known: null, cancellationToken);
                check = check with { Bytes = content.Header.Length + content.Body.LongLength, Sha256 = content.Sha256() };
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
                    ? LabelledImages.Combine(folder.Files[images], pixels, folder.Files[labels], classes, entry?.ClassNames.Count)
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
        if (train is not null && test is not null && (train.Height, train.Width) != (test.Height, test.Width))
        {
            var found = $"{test.Height} x {test.Width}";
            problems.Add($"{source}: expected test images of {train.Height} x {train.Width} as for training, but found {found}.");
        }

        var trainImages = new Dictionary<UInt128, byte>();
        return new DatasetCheckReport
        {
            Id = id,
            Source = source,
            Files = files,
            Train = CheckSplit(train, trainImages, cancellationToken),
            Test = CheckSplit(test, [], cancellationToken),
            TestImagesInTrain = train is null || test is null
                ? null
                : Enumerable.Range(0, test.Count).Count(i => trainImages.ContainsKey(Fingerprint(test.Image(i)))),
            Problems = problems,
        };
    }

    private static DatasetSplitCheck? CheckSplit(
        LabelledImages? images, Dictionary<UInt128, byte> firstLabels, CancellationToken cancellationToken)
    {
        if (images is null)
        {
            return null;
        }

        var constant = new List<int>();
        var (duplicates, conflicts) = (0, 0);
        for (var i = 0; i < images.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var image = images.Image(i);
            if (!image.ContainsAnyExcept(image[0]))
            {
                constant.Add(i);
            }

            var fingerprint = Fingerprint(image);
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
            Constant = constant,
        };
    }

    // Half of a SHA-256: no two different images will ever share it by chance.
    private static UInt128 Fingerprint(ReadOnlySpan<byte> image) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(image));
}
