namespace PhotoMl.Tests;

/// <summary>Marks a test that needs the real MNIST under <c>$PHOTOML_DATA/mnist</c>, and is reported as skipped without it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithMnistAttribute : FactAttribute
{
    /// <param name="slow">Whether the test takes long too, and runs only as a <see cref="SlowFactAttribute"/> does.</param>
    public FactWithMnistAttribute(bool slow = false)
    {
        if (slow)
        {
            Skip = new SlowFactAttribute().Skip;
        }

        var folder = Environment.GetEnvironmentVariable(DatasetPaths.Variable);
        if (string.IsNullOrEmpty(folder)
            || !DatasetFolder.Inspect(Path.Combine(folder, "mnist")).IsComplete)
        {
            Skip = $"Needs MNIST's four files in ${DatasetPaths.Variable}/mnist.";
        }
    }
}
