namespace PhotoMl.Tests;

/// <summary>Marks a test that needs the clothing photos under <c>$PHOTOML_DATA/clothing</c>, and is reported as skipped without
/// them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithClothingAttribute : FactAttribute
{
    /// <param name="slow">Whether the test takes long too, and runs only as a <see cref="SlowFactAttribute"/> does.</param>
    public FactWithClothingAttribute(bool slow = false)
    {
        if (slow)
        {
            Skip = new SlowFactAttribute().Skip;
        }

        if (Folder is null)
        {
            Skip = $"Needs the clothing photos in ${DatasetPaths.Variable}/clothing/train and validation.";
        }
    }

    /// <summary>The folder of the photos; null where they are not there.</summary>
    public static string? Folder =>
        Environment.GetEnvironmentVariable(DatasetPaths.Variable) is { Length: > 0 } data
            && Directory.Exists(Path.Combine(data, "clothing", "train"))
            ? Path.Combine(data, "clothing")
            : null;
}
