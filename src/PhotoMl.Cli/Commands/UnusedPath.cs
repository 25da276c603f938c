namespace PhotoMl.Cli.Commands;

/// <summary>The files that pictures get where none is named.</summary>
internal static class UnusedPath
{
    /// <summary>Names a PNG file of the working directory that does not exist yet.</summary>
    /// <param name="name">What it is called, if nothing else is: without an extension.</param>
    public static string Png(string name) =>
        Enumerable.Range(2, 100_000).Select(number => $"{name}-{number}.png").Prepend($"{name}.png").First(path => !Path.Exists(path));
}
