using PhotoMl.Data;
using PhotoMl.Imaging;

namespace PhotoMl.Training;

/// <summary>What a network sees of its training images.</summary>
public static class TrainingPreview
{
    private const int LeastSide = 112;

    /// <summary>Draws some images of each class at random.</summary>
    /// <param name="data">The images.</param>
    /// <param name="perClass">How many of each class at most.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The indices, an array for each class that has any, in the order of the classes.</returns>
    public static IReadOnlyList<long[]> Choose(ImageDataset data, int perClass, long seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        var labels = data.Labels.data<long>().ToArray();
        return
        [
            .. new DeterministicRandom(seed).Permutation(data.Count)
                .GroupBy(index => labels[index])
                .OrderBy(group => group.Key)
                .Select(group => group.Take(perClass).ToArray()),
        ];
    }

    /// <summary>Draws images into one picture: a row for each class, or a row for each image with variations of it.</summary>
    /// <param name="path">The PNG file; it is replaced where it exists.</param>
    /// <param name="data">The images.</param>
    /// <param name="options">How they are varied; null draws them as they are, class by class.</param>
    /// <param name="versions">How many variations are drawn of each image.</param>
    /// <returns>The class of each row, and the pictures of the longest row.</returns>
    /// <exception cref="ArgumentException">The images cannot be varied so, or the picture would be too large.</exception>
    /// <exception cref="IO.OutputException">The file cannot be written.</exception>
    public static (IReadOnlyList<string> Rows, int Columns) WritePng(
        string path, ImageDataset data, ClassifierTrainingOptions? options, int versions)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var scope = NewDisposeScope();
        var pixels = data.Take(0, data.Count);
        var originals = ToPictures(PixelBatch.ToNetworkInput(pixels));
        var images = data.Labels.data<long>().ToArray().Select(label => data.ClassNames[(int)label]).Zip(originals);
        SheetRow[] rows;
        if (options is null)
        {
            rows = [.. images.GroupBy(image => image.First, image => image.Second).Select(row => new SheetRow(row.Key, [.. row]))];
        }
        else
        {
            long[] all = [.. Enumerable.Range(0, data.Count)];
            var batches = new ClassifierBatches(data, [], options);
            var varied = Enumerable.Range(1, versions)
                .Select(epoch => ToPictures(batches.Augment(pixels, data.Labels, all, epoch, step: 0).Images)).ToList();
            rows = [.. images.Select((image, i) => new SheetRow(image.First, [image.Second, .. varied.Select(pictures => pictures[i])]))];
        }

        IEnumerable<SheetRow> heading = options is null ? [] : [new SheetRow("", [], "as it is", "as training sees it")];
        var sheet = new Sheet { IsFirstApart = options is not null, Scale = Math.Max(1, LeastSide / Math.Max(data.Height, data.Width)) };
        var classes = data.ClassNames.ToList();
        sheet.WritePng(
            path, [.. heading, .. rows.Select(row => row with { Label = Sheet.ClassLabel(classes.IndexOf(row.Label), row.Label) })]);
        return ([.. rows.Select(row => row.Label)], rows.Max(row => row.Pictures.Count));
    }

    private static DecodedImage[] ToPictures(Tensor images) =>
        DecodedImage.FromTensor(images.mul(255).round().clamp(0, 255).to(ScalarType.Byte));
}
