using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Cli.Commands;

/// <summary>The classifier in whose eyes a generator is judged.</summary>
/// <param name="Model">The classifier; owned by this object.</param>
/// <param name="Path">Where it was read from; null where it was trained on the spot.</param>
/// <param name="Hash">The hash of its weights.</param>
/// <param name="Report">What it is worth itself.</param>
internal sealed record JudgingClassifier(ImageClassifier Model, string? Path, string Hash, ClassificationReport Report) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
