namespace PhotoMl.Data;

/// <summary>Where data sets are by default: folders with one folder a data set.</summary>
internal static class DatasetPaths
{
    public const string Variable = "PHOTOML_DATA";

    public static IReadOnlyList<string> Folders(Func<string, string?> variable, string workingDirectory) =>
    [
        .. variable(Variable) is { Length: > 0 } configured ? new[] { Path.GetFullPath(configured, workingDirectory) } : [],
        Path.Combine(workingDirectory, "data"),
        Cache(variable),
        .. OperatingSystem.IsWindows() ? Array.Empty<string>() : ["/usr/share/datasets"],
    ];

    public static string Cache(Func<string, string?> variable)
    {
        // The XDG base directory specification has relative paths ignored. A user without a home, as in some containers, gets the
        // temporary folder: all that is read from it is verified.
        var root = variable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathFullyQualified(cache) ? cache
            : OperatingSystem.IsLinux() && variable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache")
            : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } local ? local
            : Path.GetTempPath();
        return Path.Combine(root, "photoml");
    }
}
