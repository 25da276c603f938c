namespace PhotoMl.Data;

/// <summary>A photo of a collection.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">The index of its class.</param>
/// <param name="Split">What it is for.</param>
public sealed record PhotoEntry(string Path, int Label, PhotoSplit Split);
