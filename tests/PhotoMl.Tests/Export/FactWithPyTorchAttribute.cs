namespace PhotoMl.Tests.Export;

/// <summary>Marks a test that needs Python with PyTorch, and is reported as skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithPyTorchAttribute : FactAttribute
{
    public FactWithPyTorchAttribute()
    {
        if (!Python.HasTorch)
        {
            Skip = $"Needs PyTorch for {Python.Path} (Debian: python3-torch).";
        }
    }
}
