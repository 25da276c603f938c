using PhotoMl.Imaging;

namespace PhotoMl.Explanation;

/// <summary>Why a network predicts a class for an image, or why not more.</summary>
public sealed record ImageExplanation
{
    /// <summary>The image file, as it was named by the caller.</summary>
    public string Path { get; init; } = "image";

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>How it was found.</summary>
    public required ExplanationMethod Method { get; init; }

    /// <summary>The layer that was looked at; null where none was.</summary>
    public string? Layer { get; init; }

    /// <summary>The index of the class that is explained.</summary>
    public required int Label { get; init; }

    /// <summary>The probability of every class, the softmax of the logits.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>What each pixel of the network's input has to do with the class: at least 0 of <see cref="ExplanationMethod.GradCam"/> and
    /// <see cref="ExplanationMethod.Saliency"/>; of the other methods above 0 where it speaks for the class and below 0 where against, in
    /// units of its logit.</summary>
    public required Heatmap Heatmap { get; init; }

    /// <summary>How faithful the map is to the network; null where it was not measured.</summary>
    public Faithfulness? Faithfulness { get; init; }

    /// <summary>How well <see cref="ExplanationMethod.IntegratedGradients"/> add up; null of the other methods.</summary>
    public Completeness? Completeness { get; init; }

    /// <summary>The index of the most probable class.</summary>
    public int PredictedLabel => Probabilities.Index().MaxBy(entry => entry.Item).Index;

    /// <summary>The name of the class that is explained.</summary>
    public string Class => ClassNames[Label];

    /// <summary>The name of the most probable class.</summary>
    public string Predicted => ClassNames[PredictedLabel];

    /// <summary>Whether the map distinguishes what speaks for the class from what speaks against it.</summary>
    public bool IsSigned => Method is ExplanationMethod.IntegratedGradients or ExplanationMethod.Occlusion;

    /// <summary>Whether the map was found to be better than random maps; false where that was not measured.</summary>
    public bool IsBetterThanRandom => Faithfulness is { IsDeletionBetter: true, IsInsertionBetter: true };

    internal PicturePlacement Placement { get; init; }
    internal byte[] Content { get; init; } = [];

    /// <summary>Draws the map over the photo.</summary>
    /// <param name="side">The most pixels of the longer side; a smaller photo is enlarged by a whole number. Default 640.</param>
    /// <returns>The content of a PNG file.</returns>
    public byte[] EncodeOverlayPng(int side = 640) =>
        PngCanvas.EncodePng(new HeatPainter(this).DrawOverlay(ImageFile.Decode(Content, Path, side, side).FitDisplay(side)));
}
