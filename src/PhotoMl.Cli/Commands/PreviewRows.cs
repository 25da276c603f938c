using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Training;
using static TorchSharp.torch;

namespace PhotoMl.Cli.Commands;

/// <summary>The pictures of a preview, a row a class.</summary>
internal static class PreviewRows
{
    /// <summary>The images of each class.</summary>
    public static IReadOnlyList<(string Label, IReadOnlyList<DecodedImage> Pictures)> Plain(ImageDataset images)
    {
        var pictures = ToPictures(images);
        var labels = images.Labels.data<long>().ToArray();
        var rows = pictures.Zip(labels).GroupBy(pair => pair.Second, pair => pair.First);
        return [.. rows.Select(row => (images.ClassNames[(int)row.Key], (IReadOnlyList<DecodedImage>)[.. row]))];
    }

    /// <summary>Each image as it is, and versions of it.</summary>
    public static IReadOnlyList<(string Label, IReadOnlyList<DecodedImage> Pictures)> Varied(ImageDataset images, ClassifierTrainingOptions options, int versions)
    {
        var columns = new List<DecodedImage[]> { ToPictures(images) };
        for (var version = 0; version < versions; version++)
        {
            using var varied = TrainingPreview.Vary(images, options, version);
            columns.Add(ToPictures(varied));
        }

        var labels = images.Labels.data<long>().ToArray();
        return [.. labels.Select((label, row) => (images.ClassNames[(int)label], (IReadOnlyList<DecodedImage>)[.. columns.Select(column => column[row])]))];
    }

    private static DecodedImage[] ToPictures(ImageDataset images)
    {
        using var pixels = images.Take(0, images.Count);
        using var input = PixelBatch.ToNetworkInput(pixels);
        return ToPictures(input);
    }

    // From (N, C, H, W) in [0, 1] to red, green and blue pixel by pixel; grey is all three.
    private static DecodedImage[] ToPictures(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (count, height, width) = ((int)images.shape[0], (int)images.shape[2], (int)images.shape[3]);
        var rgb = images.expand(count, 3, height, width).permute(0, 2, 3, 1).mul(255).round().clamp(0, 255).to(ScalarType.Byte).contiguous().bytes.ToArray();
        var size = 3 * height * width;
        return [.. Enumerable.Range(0, count).Select(i => new DecodedImage(width, height, rgb[(i * size)..((i + 1) * size)]))];
    }
}
