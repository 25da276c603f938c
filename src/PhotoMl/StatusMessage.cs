namespace PhotoMl;

/// <summary>A line for the user of a task that is under way.</summary>
/// <param name="Text">The line, without a line break at its end.</param>
/// <param name="IsWarning">Whether it should be shown even where no progress is wanted.</param>
public sealed record StatusMessage(string Text, bool IsWarning);
