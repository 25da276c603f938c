namespace PhotoMl.Data;

/// <summary>Grey images and their labels in managed memory, before they become an <see cref="ImageDataset"/>.</summary>
/// <param name="Height">The height of each image in pixels.</param>
/// <param name="Width">The width of each image in pixels.</param>
/// <param name="Pixels">The pixels of all images, image by image, row by row.</param>
/// <param name="Labels">The class index of each image.</param>
internal sealed record LabelledImages(int Height, int Width, byte[] Pixels, byte[] Labels)
{
    /// <summary>The number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>The pixels of one image, row by row.</summary>
    /// <param name="index">Which image, from 0.</param>
    /// <returns>Height x Width bytes.</returns>
    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * Height * Width, Height * Width);

    /// <summary>Puts a file of images and that of their labels together; every label must be below the number of classes, where that is given.</summary>
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
