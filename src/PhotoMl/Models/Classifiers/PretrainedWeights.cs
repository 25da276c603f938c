using PhotoMl.Data;

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
        using var reader = TensorReader.OpenAny(path);
        using var loaded = ModelFile.IsModel(reader) ? ClassifierFile.Load(path) : null;
        var network = loaded?.Info.Network ?? model.Options;
        reader.Require(
            network.Architecture == model.Options.Architecture, $"the weights of a {model.Options.Name}", $"those of a {network.Name}");
        var shapes = NetworkWeights.ShapesOf(model);
        if (reader.DropPrefix(FirstLayer, [.. shapes.Keys]) is { } prefix)
        {
            var weights = shapes.Keys.Where(name => !name.EndsWith(CounterSuffix, StringComparison.Ordinal));
            string[] missing = [.. weights.Except(reader.Tensors.Keys)];
            reader.Require(
                missing.Length == 0, $"also {ClassNameList.Few(missing, 5)} behind the prefix {prefix}", "no such tensor");
        }

        var (fresh, notice) = FindFresh(reader, model, shapes, loaded?.Info, classNames);
        List<string> notices = [.. reader.Notices.Append(notice).OfType<string>()];
        var taken = shapes.Where(shape => !fresh.Any(prefix => shape.Key.StartsWith(prefix, StringComparison.Ordinal))).ToDictionary();
        Check(reader, shapes, taken, notices);
        Copy(reader, taken, model);
        return [.. notices.Select(text => $"{path}: {text}".ReplaceLineEndings(" "))];
    }

    // What the names of weights begin with that are not taken from the file.
    private static (string[] Prefixes, string? Notice) FindFresh(
        TensorReader reader,
        ImageClassifier model,
        IReadOnlyDictionary<string, long[]> shapes,
        ClassifierInfo? info,
        IReadOnlyList<string> classNames)
    {
        if (shapes.TryGetValue(FlattenedLayer, out var flattened)
            && reader.Tensors.TryGetValue(FlattenedLayer, out var entry)
            && entry.Shape is [var units, var inputs] && units == flattened[0] && inputs != flattened[1])
        {
            return ([FlattenedPrefix, model.HeadPrefix], "it is of images of another size, so dense1 and dense2 restart.");
        }

        if (info is not null)
        {
            return info.ClassNames.SequenceEqual(classNames)
                ? ([], null)
                : ([model.HeadPrefix], $"its classes are others ({ClassNameList.Few(info.ClassNames)}), so the last layer restarts.");
        }

        return reader.Tensors.TryGetValue($"{model.HeadPrefix}weight", out var last)
            && last.Shape is [var classes, var features] && features == model.FeaturesPerImage && classes != classNames.Count
                ? ([model.HeadPrefix], $"it has {classes} classes instead of {classNames.Count}, so the last layer restarts.")
                : ([], $"it does not name its {classNames.Count} classes; the last layer is taken over as if they were these.");
    }

    private static void Check(
        TensorReader reader, IReadOnlyDictionary<string, long[]> shapes, Dictionary<string, long[]> taken, List<string> notices)
    {
        foreach (var (name, shape) in taken)
        {
            var found = reader.Tensors.GetValueOrDefault(name)?.Shape;
            if (found is null && name.EndsWith(CounterSuffix, StringComparison.Ordinal))
            {
                continue;
            }

            var isOfOtherChannels = name == FirstLayer && found is [_, 1 or 3, _, _] && shape[1] is 1 or 3 && shape[1] != found[1]
                && found.SequenceEqual([shape[0], found[1], shape[2], shape[3]]);
            reader.Expect(name, isOfOtherChannels ? found! : shape, shape.Length == 0 ? ["I64"] : FloatTypes);
            if (isOfOtherChannels)
            {
                notices.Add(shape[1] == 1
                    ? "it is of color images, so the three channels of its first layer are added up."
                    : "it is of gray images, so each channel gets a third of its first layer.");
            }
        }

        var others = reader.Tensors.Keys.Except(shapes.Keys).Except(ConformalReference.NamesIn(reader))
            .ToLookup(name => TensorDtype.Find(reader.Tensors[name].Dtype) is not null);
        var extra = others[true].FirstOrDefault();
        reader.Require(extra is null, "the tensors of the network", $"also {extra}");
        notices.AddRange(others[false].Select(name => $"{name}, {reader.Tensors[name]}, is not used."));
    }

    // All are read before one is changed.
    private static void Copy(TensorReader reader, Dictionary<string, long[]> taken, ImageClassifier model)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var weights = taken.Keys.Where(reader.Tensors.ContainsKey).ToDictionary(name => name, name => Read(reader, name, taken[name]));
        foreach (var (name, tensor) in NetworkWeights.Named(model).Where(entry => weights.ContainsKey(entry.Key)))
        {
            tensor.copy_(weights[name]);
        }
    }

    private static Tensor Read(TensorReader reader, string name, long[] shape)
    {
        var weight = reader.ReadFinite(name);
        weight = shape.Length == 0 ? weight : weight.to(ScalarType.Float32);
        var least = name.EndsWith(VarianceSuffix, StringComparison.Ordinal) ? weight.min().item<float>() : 0;
        reader.Require(least >= 0, $"variances of at least 0 in {name}", least);
        return weight.shape.SequenceEqual(shape) ? weight
            : shape[1] == 1 ? weight.sum([1L], keepdim: true)
            : weight.div(shape[1]).expand(shape);
    }
}
