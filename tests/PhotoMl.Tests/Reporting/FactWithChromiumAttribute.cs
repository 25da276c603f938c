namespace PhotoMl.Tests.Reporting;

/// <summary>Marks a test that opens a page in Chromium, and is reported as skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithChromiumAttribute : FactAttribute
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    public FactWithChromiumAttribute()
    {
        if (Browser is null)
        {
            Skip = $"Needs Chromium: {string.Join(" or ", Places)}.";
        }
    }

    /// <summary>The browser; null where there is none.</summary>
    public static string? Browser => Places.FirstOrDefault(File.Exists);
}
