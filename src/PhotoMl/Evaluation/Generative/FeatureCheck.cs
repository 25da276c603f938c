using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Refuses features before native code is given them.</summary>
internal static class FeatureCheck
{
    public static void Pair(Tensor first, string firstName, Tensor second, string secondName, int leastPoints)
    {
        Set(first, firstName, leastPoints);
        Set(second, secondName, leastPoints);
        if (first.shape[1] != second.shape[1])
        {
            throw new ArgumentException($"Expected features of {first.shape[1]} dimensions like {firstName} but got {second.shape[1]}.", secondName);
        }
    }

    public static void Shape(Tensor values, string name, params long[] shape)
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (!values.shape.SequenceEqual(shape) || !IsReal(values))
        {
            throw new ArgumentException($"Expected ({string.Join(", ", shape)}) of Float32 or Float64 but got {Describe(values)}.", name);
        }

        Finite(values, name);
    }

    private static void Set(Tensor features, string name, int leastPoints)
    {
        ArgumentNullException.ThrowIfNull(features, name);
        if (features.dim() != 2 || features.shape[1] == 0 || !IsReal(features))
        {
            throw new ArgumentException($"Expected features (N, D) of Float32 or Float64 but got {Describe(features)}.", name);
        }

        if (features.shape[0] < leastPoints)
        {
            throw new ArgumentException($"Expected features of at least {leastPoints} images but got {features.shape[0]}.", name);
        }

        Finite(features, name);
    }

    // The squares of what float32 can hold are far from the end of float64.
    private static void Finite(Tensor values, string name)
    {
        using var scope = NewDisposeScope();
        var largest = values.detach().abs().max().to(ScalarType.Float64).item<double>();
        if (!(largest <= float.MaxValue))
        {
            throw new ArgumentException($"Expected finite numbers in the range of float32 but got one of size {largest}.", name);
        }
    }

    private static bool IsReal(Tensor values) => values.dtype is ScalarType.Float32 or ScalarType.Float64;

    private static string Describe(Tensor values) => $"({string.Join(", ", values.shape)}) of {values.dtype}";
}
