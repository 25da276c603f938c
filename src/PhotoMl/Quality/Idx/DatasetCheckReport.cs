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

    /// <summary>The images to judge by; <see langword="null"/> where their files are not sound.</summary>
    public DatasetSplitCheck? Test { get; init; }

    /// <summary>How many test images are exact copies of a training image; <see langword="null"/> where a half is not sound.</summary>
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
                if (split is { Duplicates: > 0 })
                {
                    warnings.Add($"{split.Duplicates:N0} {name} images are copies of earlier ones, {split.ConflictingDuplicates:N0} of them with another label");
                }

                if (split is { Constant.Count: > 0 })
                {
                    warnings.Add($"{split.Constant.Count:N0} {name} images are of one single value, the first at index {split.Constant[0]}");
                }
            }

            return warnings;
        }
    }
}
