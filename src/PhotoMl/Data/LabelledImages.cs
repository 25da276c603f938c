namespace PhotoMl.Data;

/// <summary>Grey images and their labels in managed memory, before they become an <see cref="ImageDataset"/>.</summary>
/// <param name="Height">The height of each image in pixels.</param>
/// <param name="Width">The width of each image in pixels.</param>
/// <param name="Pixels">The pixels of all images, image by image, row by row.</param>
/// <param name="Labels">The class index of each image.</param>
public sealed record LabelledImages(int Height, int Width, byte[] Pixels, byte[] Labels)
{
    /// <summary>The number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>The pixels of one image, row by row.</summary>
    /// <param name="index">Which image, from 0.</param>
    /// <returns>Height x Width bytes.</returns>
    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * Height * Width, Height * Width);

    /// <summary>Reads an IDX file of images and the IDX file of their labels.</summary>
    /// <param name="imagesPath">The file of images, raw or gzip.</param>
    /// <param name="labelsPath">The file of labels, raw or gzip.</param>
    /// <param name="classCount">The number of classes, every label being below it; <see langword="null"/> allows all 256.</param>
    /// <returns>The images with their labels.</returns>
    /// <exception cref="InvalidDatasetException">A file is missing or damaged, the numbers disagree, or a label is out of range.</exception>
    public static LabelledImages ReadIdx(string imagesPath, string labelsPath, int? classCount = null) =>
        Combine(
            imagesPath, IdxContent.Read(imagesPath, IdxKind.Images), labelsPath, IdxContent.Read(labelsPath, IdxKind.Labels), classCount);

    internal static LabelledImages Combine(
        string imagesPath, IdxContent imageContent, string labelsPath, IdxContent labelContent, int? classCount)
    {
        var images = IdxFile.ToImages(imageContent);
        var labels = labelContent.Body;
        if (labels.Length != images.Count)
        {
            throw new InvalidDatasetException(
                labelsPath, $"{images.Count} labels for the images of {Path.GetFileName(imagesPath)}", $"{labels.Length}");
        }

        if (classCount is < 256 and { } classes
            && labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1)) is >= 0 and var at)
        {
            throw new InvalidDatasetException(labelsPath, $"labels from 0 to {classes - 1}", $"{labels[at]} at index {at}");
        }

        return new LabelledImages(images.Height, images.Width, images.Pixels, labels);
    }
}
