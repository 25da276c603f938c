namespace PhotoMl.Evaluation;

/// <summary>An image that two classifiers take for different things.</summary>
/// <param name="Index">Its index among the images, from 0.</param>
/// <param name="Path">Its file; null where it is none.</param>
/// <param name="Label">What it is.</param>
/// <param name="First">What the first takes it for, and how probable that is to it.</param>
/// <param name="Second">What the second takes it for, and how probable that is to it.</param>
public sealed record ImageDifference(long Index, string? Path, string Label, ClassProbability First, ClassProbability Second);
