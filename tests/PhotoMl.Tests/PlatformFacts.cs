namespace PhotoMl.Tests;

/// <summary>Marks a test of what only Linux has, such as ELF libraries and <c>/dev/full</c>; elsewhere it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null! : "Needs Linux.";
}

/// <summary>Marks a test of links or signals as Unix has them; on Windows it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = !OperatingSystem.IsWindows() ? null! : "Needs Unix.";
}
