using PhotoMl.IO;
using PhotoMl.Training;

namespace PhotoMl.Cli;

/// <summary>Checks before any work that what a command is to write harms no file: it is apart from what is read, and replaces nothing
/// unasked.</summary>
internal static class OutputCheck
{
    /// <summary>Checks a file.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether it may be replaced.</param>
    /// <param name="inputs">What the command reads.</param>
    /// <exception cref="UsageException">It is a file that a run goes on by.</exception>
    /// <exception cref="InputException">It is there already.</exception>
    /// <exception cref="OutputException">It is an input, lies within one, or cannot be written.</exception>
    public static void File(Option option, string path, bool overwrite, IEnumerable<string> inputs)
    {
        OutputException.ThrowIfInput(path, inputs);
        Replaceable(option, path, overwrite);
        OutputException.ThrowIfNotWritable(path);
    }

    /// <summary>Checks that a file, if there is to be one, is not there, or may be replaced and is no part of a run.</summary>
    /// <exception cref="UsageException">It is a file that a run goes on by.</exception>
    /// <exception cref="InputException">It is there already.</exception>
    public static void Replaceable(Option option, string? path, bool overwrite)
    {
        if (overwrite && System.IO.File.Exists(path) && RunFolder.IsPartOfRun(path))
        {
            throw new UsageException($"{option.Name}: expected a path that is no part of a run, but got {path}");
        }

        Unused(path, overwrite);
    }

    /// <summary>Checks that a folder, if there is to be one, has no report, unless it may be replaced.</summary>
    /// <exception cref="InputException">It has one.</exception>
    public static void Report(string? folder, bool overwrite) =>
        Unused(folder is null ? null : Path.Combine(folder, "report.html"), overwrite);

    /// <summary>Names a PNG file of the working directory that does not exist yet: the name, else with a number.</summary>
    public static string UnusedPng(string name) =>
        Enumerable.Range(2, 100_000).Select(number => $"{name}-{number}.png").Prepend($"{name}.png").First(path => !Path.Exists(path));

    /// <summary>Checks that a file, if there is to be one, is not there, unless it may be replaced.</summary>
    /// <exception cref="InputException">It is there.</exception>
    public static void Unused(string? path, bool overwrite)
    {
        // A link that leads nowhere is somebody's too.
        if (!overwrite && path is not null && (System.IO.File.Exists(path) || new FileInfo(path).LinkTarget is not null))
        {
            throw new InputException(path, "a file that is not there yet, or --overwrite", "one that is");
        }
    }
}
