namespace PhotoMl.Evaluation;

/// <summary>The prediction of an image file.</summary>
/// <param name="Path">The file, as it was named by the caller.</param>
/// <param name="Ranking">The classes, the most probable one first; empty where the file cannot be read.</param>
/// <param name="Problem">Why the file cannot be read, in one line without its path; null where it can.</param>
/// <param name="Set">The classes it may be of, the most probable one first; null where no coverage was asked for or the file cannot be
/// read. Empty where it looks like none of them.</param>
public sealed record ImagePrediction(
    string Path, IReadOnlyList<ClassProbability> Ranking, string? Problem = null, IReadOnlyList<string>? Set = null)
{
    /// <summary>Whether the classifier is unsure: the set is empty, longer than a short list, or of all classes.</summary>
    public bool IsUnsure => Set is not null && ConformalSets.IsUnsure(Set.Count, Ranking.Count);
}

/// <summary>The probability of a class.</summary>
/// <param name="Label">The name of the class.</param>
/// <param name="Probability">The softmax of its logit at the classifier's temperature, in [0, 1].</param>
public sealed record ClassProbability(string Label, double Probability);
