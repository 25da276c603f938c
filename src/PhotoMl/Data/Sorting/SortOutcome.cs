namespace PhotoMl.Data;

/// <summary>What sorting, or undoing it, came to.</summary>
/// <param name="Done">How many photos were put in their place, or taken away again.</param>
/// <param name="Problems">The photos that were left as they are, each with its reason.</param>
public sealed record SortOutcome(int Done, IReadOnlyList<ImageFileEntry> Problems);
