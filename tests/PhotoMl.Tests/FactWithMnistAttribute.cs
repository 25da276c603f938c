namespace PhotoMl.Tests;

/// <summary>Marks a test that needs the real MNIST under <c>$PHOTOML_DATA/mnist</c>, and is reported as skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithMnistAttribute : FactAttribute
{
    public FactWithMnistAttribute()
    {
        var folder = Environment.GetEnvironmentVariable(DatasetPaths.Variable);
        if (string.IsNullOrEmpty(folder)
            || !DatasetFolder.Inspect(Path.Combine(folder, "mnist"), DatasetFolder.IdxNames).IsComplete)
        {
            Skip = $"Needs MNIST's four files in ${DatasetPaths.Variable}/mnist.";
        }
    }
}
