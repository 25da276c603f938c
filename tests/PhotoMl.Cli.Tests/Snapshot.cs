using System.Security.Cryptography;

namespace PhotoMl.Cli.Tests;

/// <summary>All that a folder holds, to see that nothing of it was changed.</summary>
internal static class Snapshot
{
    private static readonly EnumerationOptions Everything =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>A line for each file, with its content and time, and for each folder.</summary>
    public static IReadOnlyList<string> Of(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything).Select(Describe).Order(StringComparer.Ordinal)];

    private static string Describe(FileSystemInfo item) => item is FileInfo
        ? $"{item.FullName} {item.LastWriteTimeUtc:O} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(item.FullName)))}"
        : item.FullName;
}
