namespace PhotoMl.Data;

/// <summary>Whether the images of IDX files stand upright: those of EMNIST are stored transposed (G. Cohen et al., "EMNIST: an extension
/// of MNIST to handwritten letters").</summary>
internal static class IdxOrientation
{
    private const int Side = 28;
    private const int Sample = 1000;
    private const byte Ink = 128;
    private const double UsualAspect = 1.1; // MNIST has 0.75, and transposed 1.33

    /// <summary>What a user should know of a folder that is no known set; null where there is nothing.</summary>
    public static string? FindNotice(DatasetFolder folder, LabelledImages? images)
    {
        var names = $"{Path.GetFileName(Path.GetFullPath(folder.Path))} {folder.Prefix}";
        double? aspect = images is { Height: Side, Width: Side } ? AspectOf(images) : null;
        var reason = names.Contains("emnist", StringComparison.OrdinalIgnoreCase) && !(aspect < 1)
                ? "the images of EMNIST are stored transposed"
            : aspect > UsualAspect && images!.Labels.Max() + 1 is 10 or 27 or 47 or 62 // as many as a set of EMNIST has
                ? $"what its images show is {aspect:F2} times as wide as high, so they may be stored transposed as those of EMNIST are"
            : null;
        return reason is null ? null
            : $"{folder.Path}: {reason}; to exchange their rows and columns, have them transposed (Transpose).";
    }

    public static LabelledImages Transpose(LabelledImages images)
    {
        var (height, width) = (images.Height, images.Width);
        var pixels = new byte[images.Pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (image, row, column) = (i / (height * width), i / width % height, i % width);
            pixels[(((image * width) + column) * height) + row] = images.Pixels[i];
        }

        return new LabelledImages(width, height, pixels, images.Labels);
    }

    // The columns in which the first images show something, over the rows: about their width over their height.
    private static double AspectOf(LabelledImages images)
    {
        var count = Math.Min(images.Count, Sample);
        var first = new LabelledImages(Side, Side, images.Pixels[..(count * Side * Side)], images.Labels[..count]);
        return (double)RowsWithInk(Transpose(first)) / Math.Max(RowsWithInk(first), 1);
    }

    private static int RowsWithInk(LabelledImages images) => images.Pixels.Chunk(Side).Count(row => row.Max() >= Ink);
}
