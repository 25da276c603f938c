using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Gray images and their labels in managed memory, before they become an <see cref="ImageDataset"/>.</summary>
internal sealed record LabelledImages(int Height, int Width, byte[] Pixels, byte[] Labels)
{
    public int Count => Labels.Length;

    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * Height * Width, Height * Width);

    /// <summary>Puts a file of images and that of their labels together; every label must be below the number of classes, where that is
    /// given.</summary>
    public static LabelledImages Combine(
        string imagesPath, IdxContent imageContent, string labelsPath, IdxContent labelContent, int? classCount)
    {
        int[] shape = imageContent.Dimensions;
        var labels = labelContent.Body;
        if (labels.Length != shape[0])
        {
            throw new InvalidDatasetException(
                labelsPath, $"{shape[0]} labels for the images of {Path.GetFileName(imagesPath)}", $"{labels.Length}");
        }

        if (classCount is < 256 and { } classes
            && labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1)) is >= 0 and var at)
        {
            throw new InvalidDatasetException(labelsPath, $"labels from 0 to {classes - 1}", $"{labels[at]} at index {at}");
        }

        return new LabelledImages(shape[1], shape[2], imageContent.Body, labels);
    }
}

/// <summary>A data set in managed memory, with where it came from; a split that was not asked for is null.</summary>
internal sealed record DatasetContent(
    string Id,
    string Title,
    string Source,
    IReadOnlyList<string> ClassNames,
    ImagePreprocessing Preprocessing,
    (LabelledImages? Train, LabelledImages? Test) Splits,
    string? Notice = null)
{
    public LabelledImages? Train => Splits.Train;
    public LabelledImages? Test => Splits.Test;
}
