using System.Globalization;

namespace PhotoMl.Cli.Commands;

/// <summary>What the system says of the machine.</summary>
internal static class Machine
{
    /// <summary>The bytes free where the working directory is.</summary>
    public static long FreeDiskBytes()
    {
        var here = Path.GetFullPath(".");
        return DriveInfo.GetDrives()
            .Where(drive => here.StartsWith(drive.Name, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(drive => drive.Name.Length)
            .Select(drive => drive.IsReady ? drive.AvailableFreeSpace : 0)
            .FirstOrDefault();
    }

    /// <summary>The memory that programs can still take, within the limit of a container.</summary>
    public static long FreeMemoryBytes()
    {
        var limit = GC.GetGCMemoryInfo();
        var withinLimit = limit.TotalAvailableMemoryBytes - Environment.WorkingSet;
        return ReadField("/proc/meminfo", "MemAvailable") is { } field && long.TryParse(field.Split(' ')[0], CultureInfo.InvariantCulture, out var kilobytes)
            ? Math.Min(withinLimit, kilobytes * 1024)
            : limit.TotalAvailableMemoryBytes - limit.MemoryLoadBytes;
    }

    private static string? ReadField(string path, string name) => File.Exists(path)
        ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim()
        : null;
}
