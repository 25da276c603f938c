using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Moves a classifier's weights out of a safetensors file, after all of them were checked.</summary>
internal static class ClassifierWeights
{
    /// <summary>The shapes of a classifier's weights, by name.</summary>
    /// <remarks>Known before a network is made, so that a file cannot ask for more memory than it has bytes.</remarks>
    public static IReadOnlyDictionary<string, long[]> Shapes(ConvClassifierOptions options) => new Dictionary<string, long[]>
    {
        ["conv1.weight"] = [32, options.Channels, 3, 3],
        ["conv1.bias"] = [32],
        ["conv2.weight"] = [64, 32, 3, 3],
        ["conv2.bias"] = [64],
        ["conv3.weight"] = [64, 64, 3, 3],
        ["conv3.bias"] = [64],
        ["dense1.weight"] = [64, ConvClassifier.FeatureCount(options)],
        ["dense1.bias"] = [64],
        ["dense2.weight"] = [options.Classes, 64],
        ["dense2.bias"] = [options.Classes],
    };

    /// <summary>Checks that a file has exactly a classifier's weights under a prefix.</summary>
    /// <exception cref="InvalidModelException">One is missing, too many, or of another dtype or shape.</exception>
    public static void Check(SafetensorsReader reader, string prefix, ConvClassifierOptions options)
    {
        var shapes = Shapes(options);
        foreach (var (name, shape) in shapes)
        {
            var expected = $"{prefix}{name} of F32 ({string.Join(", ", shape)})";
            if (!reader.Tensors.TryGetValue(prefix + name, out var entry))
            {
                throw new InvalidModelException(reader.Path, expected, "no such tensor");
            }

            if (entry.Dtype != "F32" || !entry.Shape.SequenceEqual(shape))
            {
                throw new InvalidModelException(reader.Path, expected, $"{entry.Dtype} ({string.Join(", ", entry.Shape)})");
            }
        }

        if (reader.Tensors.Keys.FirstOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal) && !shapes.ContainsKey(name[prefix.Length..])) is { } extra)
        {
            throw new InvalidModelException(reader.Path, $"the tensors of a {ClassifierInfo.ClassifierKind}", $"also {extra}");
        }
    }

    /// <summary>Copies checked weights into a classifier.</summary>
    /// <exception cref="InvalidModelException">A weight is not a finite number.</exception>
    public static void CopyTo(SafetensorsReader reader, string prefix, ConvClassifier model)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            reader.CopyTo(prefix + name, parameter);
            if (!parameter.isfinite().all().item<bool>())
            {
                throw new InvalidModelException(reader.Path, $"finite weights in {prefix}{name}", "NaN or infinity");
            }
        }
    }
}
