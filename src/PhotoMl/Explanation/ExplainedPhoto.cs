using PhotoMl.Imaging;

namespace PhotoMl.Explanation;

/// <summary>An image file and why it is taken for a class.</summary>
/// <param name="Path">The file, as it was named by the caller.</param>
/// <param name="Explanation">The explanation, whose map is that of the network's input.</param>
/// <param name="Placement">Where the upright photo lies in the network's input.</param>
/// <param name="ClassNames">The names of the classes.</param>
public sealed record ExplainedPhoto(string Path, ImageExplanation Explanation, PicturePlacement Placement, IReadOnlyList<string> ClassNames)
{
    /// <summary>The name of the class that is explained.</summary>
    public string Class => ClassNames[Explanation.Class];

    /// <summary>The name of the most probable class.</summary>
    public string Predicted => ClassNames[Explanation.Predicted];

    /// <summary>Whether the map was found to be better than random maps; false where that was not measured.</summary>
    public bool IsBetterThanRandom => Explanation.Faithfulness is { IsDeletionBetter: true, IsInsertionBetter: true };

    /// <summary>The content of the image file.</summary>
    internal byte[] Content { get; init; } = [];

    /// <summary>Draws the map over the photo.</summary>
    /// <param name="side">The longer side of the picture in pixels. Default 640.</param>
    /// <returns>The content of a PNG file.</returns>
    public byte[] EncodeOverlayPng(int side = 640) => new HeatPainter(this).EncodeOverlayPng(ImageFile.Decode(Content, Path, side, side), side);
}
