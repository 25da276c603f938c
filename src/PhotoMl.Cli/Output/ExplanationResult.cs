using PhotoMl.Explanation;

namespace PhotoMl.Cli.Output;

/// <summary>What became of an image that was to be explained.</summary>
/// <param name="Path">The file, as the user named it.</param>
/// <param name="Photo">Its explanation; null where it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null where it can.</param>
internal sealed record ExplanationResult(string Path, ExplainedPhoto? Photo, string? Problem);
