using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Cli;

/// <summary>Prepares the sets of possible classes that a command asks a model for.</summary>
internal static class SetSource
{
    /// <summary>Prepares the sets of a coverage.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="model">What the user named.</param>
    /// <param name="coverage">The wished coverage; null where none is.</param>
    /// <returns>The sets; null where no coverage is wished.</returns>
    /// <exception cref="InputException">The model cannot tell sets of that coverage.</exception>
    public static ConformalSets? Of(LoadedClassifier classifier, string model, double? coverage)
    {
        if (coverage is not { } wished)
        {
            return null;
        }

        if (classifier.Conformal is not { } reference)
        {
            throw new InputException(model, "a model calibrated at the end of its training for --coverage", "one without; train-cnn makes such a model, also by --resume of its run");
        }

        var fewest = ConformalRanks.FewestImages(wished);
        return reference.Images >= fewest
            ? new ConformalSets(reference, wished)
            : throw new InputException(model, $"a model calibrated on at least {fewest:N0} validation images for --coverage {wished}", $"{reference.Images:N0}");
    }
}
