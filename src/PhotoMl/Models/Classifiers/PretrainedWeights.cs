using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Lets a classifier begin with weights that were trained on other images.</summary>
/// <remarks>A file is not trusted: every name, dtype, shape and number is checked before one weight is changed.</remarks>
internal static class PretrainedWeights
{
    private const string FirstLayer = "conv1.weight";
    private const string FlattenedPrefix = "dense1.";
    private const string FlattenedLayer = "dense1.weight";
    private const string CounterSuffix = ".num_batches_tracked"; // which torchvision's oldest files lack
    private const string VarianceSuffix = ".running_var";

    private static readonly string[] FloatTypes = ["F32", "F16", "BF16"];

    public static IReadOnlyList<string> Load(string path, ImageClassifier model, IReadOnlyList<string> classNames)
    {
        NativeLibraries.EnsureLoaded();
        using var reader = TensorFile.Open(path);
        var info = ModelFile.IsModel(reader) ? LoadInfo(path) : null;
        if (info is not null && info.Network.Architecture != model.Options.Architecture)
        {
            throw new InvalidModelException(path, $"the weights of a {model.Options.Name}", $"those of a {info.Network.Name}");
        }

        var shapes = ImageClassifier.WeightShapes(model.Options);
        var notices = new List<string>();
        var fresh = FindFresh(reader, model, info, classNames, notices);
        var taken = shapes.Where(shape => !fresh.Any(prefix => shape.Key.StartsWith(prefix, StringComparison.Ordinal))).ToDictionary();
        Check(reader, shapes, taken, notices);
        Copy(reader, taken, model);
        return notices;
    }

    private static ClassifierInfo LoadInfo(string path)
    {
        using var loaded = ClassifierFile.Load(path);
        return loaded.Info;
    }

    // What the names of weights begin with that are not taken from the file.
    private static List<string> FindFresh(ITensorReader reader, ImageClassifier model, ClassifierInfo? info, IReadOnlyList<string> classNames, List<string> notices)
    {
        var shapes = ImageClassifier.WeightShapes(model.Options);
        if (shapes.TryGetValue(FlattenedLayer, out var flattened)
            && reader.Tensors.TryGetValue(FlattenedLayer, out var entry)
            && entry.Shape is [var units, var inputs] && units == flattened[0] && inputs != flattened[1])
        {
            notices.Add($"{reader.Path}: it is of images of another size, so dense1 and dense2 restart.");
            return [FlattenedPrefix, model.HeadPrefix];
        }

        var head = $"{model.HeadPrefix}weight";
        if (info is not null && !info.ClassNames.SequenceEqual(classNames))
        {
            notices.Add($"{reader.Path}: its classes are others ({Shorten(info.ClassNames)}), so the last layer restarts.");
            return [model.HeadPrefix];
        }

        if (reader.Tensors.TryGetValue(head, out var last) && last.Shape is [var classes, var features] && features == model.FeaturesPerImage && classes != classNames.Count)
        {
            notices.Add($"{reader.Path}: it has {classes} classes instead of {classNames.Count}, so the last layer restarts.");
            return [model.HeadPrefix];
        }

        if (info is null)
        {
            notices.Add($"{reader.Path}: it does not name its {classNames.Count} classes; the last layer is taken over as if they were these.");
        }

        return [];
    }

    private static void Check(ITensorReader reader, IReadOnlyDictionary<string, long[]> shapes, Dictionary<string, long[]> taken, List<string> notices)
    {
        foreach (var (name, shape) in taken)
        {
            var dtypes = shape.Length == 0 ? ["I64"] : FloatTypes;
            var expected = $"{name} of {SafetensorsEntry.Describe(string.Join(", ", dtypes), shape)}";
            if (!reader.Tensors.TryGetValue(name, out var entry))
            {
                if (!name.EndsWith(CounterSuffix, StringComparison.Ordinal))
                {
                    throw new InvalidModelException(reader.Path, expected, "no such tensor");
                }
            }
            else if (!dtypes.Contains(entry.Dtype) || !(entry.Shape.SequenceEqual(shape) || IsOfOtherChannels(name, entry.Shape, shape)))
            {
                throw new InvalidModelException(reader.Path, expected, $"{entry}");
            }
            else if (!entry.Shape.SequenceEqual(shape))
            {
                notices.Add(shape[1] == 1
                    ? $"{reader.Path}: it is of color images, so the three channels of its first layer are added up."
                    : $"{reader.Path}: it is of gray images, so each channel gets a third of its first layer.");
            }
        }

        if (reader.Tensors.Keys.FirstOrDefault(name => !shapes.ContainsKey(name) && !name.StartsWith(ConformalReference.Prefix, StringComparison.Ordinal)) is { } extra)
        {
            throw new InvalidModelException(reader.Path, "the tensors of the network", $"also {extra}");
        }
    }

    private static bool IsOfOtherChannels(string name, IReadOnlyList<long> found, long[] wanted) =>
        name == FirstLayer
        && found.Count == wanted.Length
        && found.Where((_, dimension) => dimension != 1).SequenceEqual(wanted.Where((_, dimension) => dimension != 1))
        && (found[1], wanted[1]) is (3, 1) or (1, 3);

    // All are read before one is changed.
    private static void Copy(ITensorReader reader, Dictionary<string, long[]> taken, ImageClassifier model)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var weights = taken.Keys.Where(reader.Tensors.ContainsKey).ToDictionary(name => name, name => Read(reader, name, taken[name]));
        foreach (var (name, tensor) in NetworkWeights.Named(model))
        {
            if (weights.TryGetValue(name, out var weight))
            {
                tensor.copy_(weight);
            }
        }
    }

    private static Tensor Read(ITensorReader reader, string name, long[] shape)
    {
        var weight = reader.ReadTensor(name);
        if (shape.Length == 0)
        {
            return weight;
        }

        weight = weight.to(ScalarType.Float32);
        if (!weight.isfinite().all().item<bool>())
        {
            throw new InvalidModelException(reader.Path, $"finite weights in {name}", "NaN or infinity");
        }

        if (name.EndsWith(VarianceSuffix, StringComparison.Ordinal) && weight.min().item<float>() < 0)
        {
            throw new InvalidModelException(reader.Path, $"variances of at least 0 in {name}", $"{weight.min().item<float>()}");
        }

        return weight.shape.SequenceEqual(shape) ? weight
            : shape[1] == 1 ? weight.sum([1L], keepdim: true)
            : weight.div(shape[1]).expand(shape);
    }

    private static string Shorten(IReadOnlyList<string> names) => $"{string.Join(", ", names.Take(3))}{(names.Count > 3 ? ", ..." : "")}".ReplaceLineEndings(" ");
}
