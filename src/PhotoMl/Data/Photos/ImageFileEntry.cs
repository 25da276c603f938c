namespace PhotoMl.Data;

/// <summary>A file that was named or found, or a path that leads to none.</summary>
/// <param name="Path">The file or folder, under the path that the caller named.</param>
/// <param name="Problem">Why there is no file, in one line without the path; <see langword="null"/> where there is one.</param>
public sealed record ImageFileEntry(string Path, string? Problem = null);
