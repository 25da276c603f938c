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
}
