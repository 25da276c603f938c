namespace PhotoMl.Tests;

/// <summary>Marks a test of links, signals or permissions as Unix has them, and is reported as skipped on Windows.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    /// <param name="asSuperuser">Whether the test holds for the superuser too, whom permissions do not stop.</param>
    public UnixFactAttribute(bool asSuperuser = true)
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Needs Unix.";
        }
        else if (!asSuperuser && Environment.IsPrivilegedProcess)
        {
            Skip = "Needs a user whom permissions stop, not the superuser.";
        }
    }
}
