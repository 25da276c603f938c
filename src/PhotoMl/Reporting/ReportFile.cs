using System.Text;

namespace PhotoMl.Reporting;

/// <summary>A report on disk.</summary>
internal static class ReportFile
{
    /// <summary>The name of the page in its folder.</summary>
    public const string Name = "report.html";

    /// <summary>Writes a page into a folder, which is made where it is missing; a page that is there is replaced.</summary>
    /// <returns>The path of the page.</returns>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public static string Write(string folder, string page)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(folder, AtomicFile.Describe(exception), exception);
        }

        var path = Path.Combine(folder, Name);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
        return path;
    }
}
