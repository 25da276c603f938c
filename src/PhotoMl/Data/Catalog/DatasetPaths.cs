namespace PhotoMl.Data;

/// <summary>The folders in which data sets are looked for, each holding one folder a data set.</summary>
public sealed record DatasetPaths
{
    /// <summary>The variable that names a folder to look in before all others.</summary>
    public const string Variable = "PHOTOML_DATA";

    /// <summary>The folder named by <c>PHOTOML_DATA</c>; <see langword="null"/> where it is not set.</summary>
    public string? ConfiguredFolder { get; init; }

    /// <summary>The folder <c>data</c> under the working directory; <see langword="null"/> looks in none.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>The user's cache, into which data sets are downloaded.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The folder all users of the machine share; <see langword="null"/> looks in none.</summary>
    public string? SharedFolder { get; init; }

    /// <summary>Reads the folders from the process's environment.</summary>
    /// <returns>The folders as they are now.</returns>
    public static DatasetPaths FromEnvironment() =>
        FromEnvironment(Environment.GetEnvironmentVariable, Environment.CurrentDirectory);

    /// <summary>Lists the folders a data set may be in.</summary>
    /// <param name="id">The data set's id.</param>
    /// <returns>The folders in the order in which they are searched.</returns>
    public IReadOnlyList<string> FoldersFor(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return [.. new[] { ConfiguredFolder, WorkingFolder, CacheFolder, SharedFolder }
            .Where(folder => !string.IsNullOrEmpty(folder))
            .Select(folder => Path.Combine(folder!, id))
            .Distinct()];
    }

    internal static DatasetPaths FromEnvironment(Func<string, string?> variable, string workingDirectory)
    {
        var configured = variable(Variable);
        return new DatasetPaths
        {
            ConfiguredFolder = string.IsNullOrEmpty(configured) ? null : Path.GetFullPath(configured, workingDirectory),
            WorkingFolder = Path.Combine(workingDirectory, "data"),
            CacheFolder = Path.Combine(CacheRoot(variable), "photoml"),
            SharedFolder = OperatingSystem.IsWindows() ? null : "/usr/share/datasets",
        };
    }

    private static string CacheRoot(Func<string, string?> variable)
    {
        // The XDG base directory specification has relative paths ignored.
        if (variable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathFullyQualified(cache))
        {
            return cache;
        }

        if (OperatingSystem.IsLinux() && variable("HOME") is { Length: > 0 } home)
        {
            return Path.Combine(home, ".cache");
        }

        // A user without a home, as in some containers, gets the temporary folder: all that is read from it is verified.
        return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } local ? local : Path.GetTempPath();
    }
}
