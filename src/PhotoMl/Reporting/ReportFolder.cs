using System.Text;
using PhotoMl.IO;

namespace PhotoMl.Reporting;

/// <summary>The folder that a report is written into.</summary>
public static class ReportFolder
{
    /// <summary>The name of the page in its folder.</summary>
    public const string PageName = "report.html";

    /// <summary>Makes the folder where it is missing, so that what takes long does not end with a folder that cannot be written.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="OutputException">It cannot be made or written.</exception>
    public static void Prepare(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(folder, AtomicFile.Describe(exception), exception);
        }

        AtomicFile.CheckWritable(Path.Combine(folder, PageName));
    }

    /// <summary>Writes a page; one that is there is replaced.</summary>
    /// <returns>The path of the page.</returns>
    /// <exception cref="OutputException">It cannot be written.</exception>
    internal static string Write(string folder, string page)
    {
        Prepare(folder);
        var path = Path.Combine(folder, PageName);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
        return path;
    }
}
