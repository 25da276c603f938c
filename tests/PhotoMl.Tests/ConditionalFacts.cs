namespace PhotoMl.Tests;

/// <summary>Marks a test that takes long, and is reported as skipped unless <c>$PHOTOML_SLOW_TESTS</c> is set.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlowFactAttribute : FactAttribute
{
    public SlowFactAttribute() => Skip = Needs.Time();
}

/// <summary>Marks a test that needs the real MNIST under <c>$PHOTOML_DATA/mnist</c>, and is reported as skipped without it.</summary>
/// <param name="slow">Whether the test takes long too, and runs only as a <see cref="SlowFactAttribute"/> does.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithMnistAttribute : FactAttribute
{
    public FactWithMnistAttribute(bool slow = false) => Skip = Needs.Data is { } data
        && DatasetFolder.Inspect(Path.Combine(data, "mnist")).IsComplete
            ? Needs.Time(slow)
            : $"Needs MNIST's four files in ${DatasetPaths.Variable}/mnist.";
}

/// <summary>Marks a slow test that needs Fashion-MNIST, such as Debian's package installs it, and is reported as skipped without
/// it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithFashionMnistAttribute : FactAttribute
{
    public FactWithFashionMnistAttribute() => Skip = DatasetFolder.Inspect("/usr/share/datasets/fashion-mnist").IsComplete
        ? Needs.Time()
        : "Needs Fashion-MNIST's four files in /usr/share/datasets/fashion-mnist.";
}

/// <summary>Marks a slow test that needs the clothing photos under <c>$PHOTOML_DATA/clothing</c>, and is reported as skipped without
/// them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithClothingAttribute : FactAttribute
{
    public FactWithClothingAttribute() => Skip = Folder is not null
        ? Needs.Time()
        : $"Needs the clothing photos in ${DatasetPaths.Variable}/clothing/train and validation.";

    /// <summary>The folder of the photos; null where they are not there.</summary>
    public static string? Folder =>
        Needs.Data is { } data && Directory.Exists(Path.Combine(data, "clothing", "train")) ? Path.Combine(data, "clothing") : null;
}

/// <summary>Marks a test of many steps in bfloat16, and is reported as skipped on a processor that takes ten times as long for
/// them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithBFloat16Attribute : FactAttribute
{
    public FactWithBFloat16Attribute() => Skip = Needs.BFloat16;
}

/// <summary>A row of a theory, as <see cref="FactWithBFloat16Attribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class BFloat16DataAttribute : DataAttribute
{
    private readonly object?[] _row;

    public BFloat16DataAttribute(params object?[] row) => (_row, Skip) = (row, Needs.BFloat16);

    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => [_row];
}

/// <summary>A row for each value of an enumeration.</summary>
internal sealed class EnumDataAttribute<T> : DataAttribute
    where T : struct, Enum
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetValues<T>().Select(value => new object[] { value });
}

/// <summary>What tests need, and the reason why they are skipped without it.</summary>
internal static class Needs
{
    public static string BFloat16 => ProcessorFeatures.HasBFloat16 ? null! : "Needs a processor that multiplies bfloat16.";

    public static string? Data => Environment.GetEnvironmentVariable(DatasetPaths.Variable) is { Length: > 0 } folder ? folder : null;

    public static string Time(bool slow = true) => !slow || Environment.GetEnvironmentVariable("PHOTOML_SLOW_TESTS") is { Length: > 0 }
        ? null!
        : "Takes long; set $PHOTOML_SLOW_TESTS to run it.";
}
