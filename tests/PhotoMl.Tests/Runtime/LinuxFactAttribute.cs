namespace PhotoMl.Tests.Runtime;

/// <summary>A test of what only Linux has: ELF libraries and their loader.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null! : "This is about Linux.";
}
