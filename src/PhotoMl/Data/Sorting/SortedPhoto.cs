namespace PhotoMl.Data;

/// <summary>A photo and the folder that it belongs into.</summary>
/// <param name="Source">The photo; it is opened for reading only.</param>
/// <param name="Folder">The name of the folder below the one that is sorted into, such as a class.</param>
public sealed record SortedPhoto(string Source, string Folder);
