namespace PhotoMl.Quality;

/// <summary>What a check found out about the images of one half.</summary>
/// <param name="Images">The number of images.</param>
/// <param name="Height">The height of each image in pixels.</param>
/// <param name="Width">The width of each image in pixels.</param>
/// <param name="ClassCounts">How many images each class has.</param>
/// <param name="Duplicates">How many images are exact copies of an earlier one in the same half.</param>
/// <param name="ConflictingDuplicates">How many of these copies carry another label than the earlier image.</param>
/// <param name="Constant">The indices of the images that show one single value, such as all black.</param>
public sealed record DatasetSplitCheck(
    int Images, int Height, int Width, IReadOnlyList<int> ClassCounts, int Duplicates, int ConflictingDuplicates, IReadOnlyList<int> Constant);
