namespace PhotoMl.Tests;

/// <summary>Marks a test of what only Linux has, such as ELF libraries and <c>/dev/full</c>, and is reported as skipped
/// elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Needs Linux.";
        }
    }
}
