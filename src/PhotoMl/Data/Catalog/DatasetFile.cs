namespace PhotoMl.Data;

/// <summary>One file of a known data set.</summary>
/// <param name="Role">What the file is to its data set.</param>
/// <param name="Name">The file's name when it is not compressed; compressed it ends in <c>.gz</c>.</param>
/// <param name="ByteCount">The size of the uncompressed file in bytes.</param>
/// <param name="Sha256">The SHA-256 of the uncompressed file, 64 lower-case hexadecimal digits.</param>
public sealed record DatasetFile(DatasetFileRole Role, string Name, long ByteCount, string Sha256);
