
namespace PhotoMl.Quality;

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

    /// <summary>Whether the set can be used.</summary>
    public bool IsSound => Problems.Count == 0;

    /// <summary>All that is wrong with the set or may mislead, one line each: the problems, then copies, leaks and empty images.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            var warnings = new List<string>(Problems);
            if (TestImagesInTrain is > 0 and var shared)
            {
                warnings.Add($"{shared:N0} test images are exact copies of training images");
            }

            foreach (var (name, split) in new[] { ("training", Train), ("test", Test) })
            {
                if (split is { Duplicates: > 0 and var copies, ConflictingDuplicates: var conflicts })
                {
                    warnings.Add($"{copies:N0} {name} images are copies of earlier ones, {conflicts:N0} of them with another label");
                }

                if (split is { Constant: [var first, ..] constant })
                {
                    warnings.Add($"{constant.Count:N0} {name} images are of one single value, the first at index {first}");
                }
            }

            return warnings;
        }
    }
}

/// <summary>What a check found out about one file.</summary>
public sealed record DatasetFileCheck
{
    /// <summary>What the file is to its data set, such as <c>train-images</c>.</summary>
    public required string Role { get; init; }

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
