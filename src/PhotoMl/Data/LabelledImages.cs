namespace PhotoMl.Data;

/// <summary>Gray images and their labels in managed memory, before they become an <see cref="ImageDataset"/>.</summary>
internal sealed record LabelledImages(int Height, int Width, byte[] Pixels, byte[] Labels)
{
    public int Count => Labels.Length;

    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * Height * Width, Height * Width);

    /// <summary>Puts a file of images and that of their labels together; every label must be below the number of classes, where that is
    /// given.</summary>
    public static LabelledImages Combine(IdxContent images, IdxContent labels, int? classCount)
    {
        if (labels.Body.Length != images.Dimensions[0])
        {
            throw new InvalidDatasetException(
                labels.Path, $"{images.Dimensions[0]} labels for the images of {Path.GetFileName(images.Path)}", $"{labels.Body.Length}");
        }

        if (classCount is { } classes && Array.FindIndex(labels.Body, label => label >= classes) is >= 0 and var at)
        {
            throw new InvalidDatasetException(labels.Path, $"labels from 0 to {classes - 1}", $"{labels.Body[at]} at index {at}");
        }

        return new LabelledImages(images.Dimensions[1], images.Dimensions[2], images.Body, labels.Body);
    }
}
