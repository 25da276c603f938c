namespace PhotoMl.Cli.Commands;

/// <summary>The folders that runs get where none is named.</summary>
internal static class RunPath
{
    /// <summary>The folder of these folders.</summary>
    public const string Root = "runs";

    /// <summary>Names a folder that does not exist yet.</summary>
    /// <param name="command">The command of the run.</param>
    /// <param name="data">The id or folder of what is trained on.</param>
    public static string Next(string command, string data)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
        var folder = Path.Combine(Root, $"{command}-{name}-{DateTime.Now:yyyyMMdd-HHmmss}");

        // Several runs may begin within a second.
        return Enumerable.Range(2, 1000).Select(number => $"{folder}-{number}").Prepend(folder).First(path => !Directory.Exists(path));
    }
}
