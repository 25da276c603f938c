using PhotoMl.Imaging;

namespace PhotoMl.Explanation;

/// <summary>An image file and why its class is predicted.</summary>
public sealed class ExplainedPhoto
{
    internal ExplainedPhoto(string path, ImageExplanation explanation, PicturePlacement placement, IReadOnlyList<string> classNames) =>
        (Path, Explanation, Placement, ClassNames) = (path, explanation, placement, classNames);

    /// <summary>The file, as it was named by the caller.</summary>
    public string Path { get; }

    /// <summary>The explanation, whose map is that of the network's input.</summary>
    public ImageExplanation Explanation { get; }

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The name of the class that is explained.</summary>
    public string Class => ClassNames[Explanation.Class];

    /// <summary>The name of the most probable class.</summary>
    public string Predicted => ClassNames[Explanation.Predicted];

    /// <summary>Where the upright photo lies in the network's input.</summary>
    internal PicturePlacement Placement { get; }

    /// <summary>Whether the map was found to be better than random maps; false where that was not measured.</summary>
    public bool IsBetterThanRandom => Explanation.Faithfulness is { IsDeletionBetter: true, IsInsertionBetter: true };

    /// <summary>The content of the image file; empty where it is to be read from <see cref="Path"/>.</summary>
    internal byte[] Content { get; init; } = [];

    /// <summary>Draws the map over the photo.</summary>
    /// <param name="side">The most pixels of the longer side; a smaller photo is enlarged by a whole number. Default 640.</param>
    /// <returns>The content of a PNG file.</returns>
    public byte[] EncodeOverlayPng(int side = 640) => new HeatPainter(this).EncodeOverlayPng(Decode(side), side);

    /// <summary>Decodes the photo, no larger than need be.</summary>
    internal DecodedImage Decode(int side) => Content.Length > 0 ? ImageFile.Decode(Content, Path, side, side) : ImageFile.Decode(Path, side, side);
}
