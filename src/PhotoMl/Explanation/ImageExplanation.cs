namespace PhotoMl.Explanation;

/// <summary>Why a network takes an image for a class, or why not more.</summary>
/// <param name="Method">How it was found.</param>
/// <param name="Layer">The layer that was looked at; null where none was.</param>
/// <param name="Class">The class that is explained.</param>
/// <param name="Probabilities">The probability of every class, the softmax of the logits.</param>
/// <param name="Heatmap">
/// What each pixel of the input has to do with the class: at least 0 of <see cref="ExplanationMethod.GradCam"/> and <see cref="ExplanationMethod.Saliency"/>; of the
/// other methods above 0 where it speaks for the class and below 0 where against, in units of its logit.
/// </param>
/// <param name="Faithfulness">Whether the map is to be believed; null where it was not measured.</param>
/// <param name="Completeness">How well <see cref="ExplanationMethod.IntegratedGradients"/> add up; null of the other methods.</param>
public sealed record ImageExplanation(
    ExplanationMethod Method,
    string? Layer,
    int Class,
    IReadOnlyList<double> Probabilities,
    Heatmap Heatmap,
    Faithfulness? Faithfulness,
    Completeness? Completeness)
{
    /// <summary>The most probable class.</summary>
    public int Predicted => Probabilities.Index().MaxBy(entry => entry.Item).Index;

    /// <summary>Whether the map tells what speaks for the class from what speaks against it.</summary>
    public bool IsSigned => Method is ExplanationMethod.IntegratedGradients or ExplanationMethod.Occlusion;
}
