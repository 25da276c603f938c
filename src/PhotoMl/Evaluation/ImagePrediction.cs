namespace PhotoMl.Evaluation;

/// <summary>What a classifier takes an image file for.</summary>
/// <param name="Path">The file, as it was named by the caller.</param>
/// <param name="Ranking">The classes, the most probable one first; empty where the file cannot be read.</param>
/// <param name="Problem">Why the file cannot be read, in one line without its path; null where it can.</param>
public sealed record ImagePrediction(string Path, IReadOnlyList<ClassProbability> Ranking, string? Problem = null);
