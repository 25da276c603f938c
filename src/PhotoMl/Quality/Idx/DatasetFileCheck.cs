using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>What a check found out about one file.</summary>
/// <param name="Role">What the file is to its data set.</param>
/// <param name="Path">The file.</param>
/// <param name="BytesOnDisk">Its size as it is stored.</param>
/// <param name="Bytes">Its uncompressed size; <see langword="null"/> where it cannot be read.</param>
/// <param name="Sha256">The SHA-256 of its uncompressed content; <see langword="null"/> where it cannot be read.</param>
/// <param name="ExpectedSha256">What the catalogue says it should be; <see langword="null"/> where the file is not a known one.</param>
/// <param name="Problem">What is wrong with the file, in one line; <see langword="null"/> where nothing is.</param>
public sealed record DatasetFileCheck(
    DatasetFileRole Role, string Path, long BytesOnDisk, long? Bytes, string? Sha256, string? ExpectedSha256, string? Problem);
