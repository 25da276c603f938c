using System.Text;
using PhotoMl.IO;

namespace PhotoMl.Reporting;

/// <summary>The folder that a report is written into.</summary>
internal static class ReportFolder
{
    public const string PageName = "report.html";

    /// <summary>Makes the folder where it is missing, so that what takes long does not end with a folder that cannot be written.</summary>
    public static void Prepare(string folder)
    {
        AtomicFile.CreateFolder(folder);
        AtomicFile.CheckWritable(Path.Combine(folder, PageName));
    }

    internal static string Write(string folder, string page)
    {
        Prepare(folder);
        var path = Path.Combine(folder, PageName);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
        return path;
    }
}
