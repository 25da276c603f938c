using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>What new images are compared with to find the classes they may be of; stored in a model file beside the weights.</summary>
/// <remarks>
/// Two tensors under the prefix <c>calibration.</c>: what the training images of each class look like to the network, and how strange each validation
/// image looks as one of its own class. The first is made of training images alone, the second of validation images alone.
/// </remarks>
internal sealed class ConformalReference : IDisposable
{
    internal const string Prefix = "calibration.";

    /// <summary>The measures of strangeness: by the class's probability, and by the distance to its prototypes.</summary>
    internal const int Measures = 2;

    internal const int MostPrototypes = 32;

    private const string PrototypesName = Prefix + "prototypes";
    private const string ScoresName = Prefix + "scores";

    internal ConformalReference(Tensor prototypes, Tensor scores)
    {
        Prototypes = prototypes.DetachFromDisposeScope();
        Scores = scores.DetachFromDisposeScope();
    }

    public int Images => (int)Scores.shape[0];

    /// <summary>The prototypes, (classes, prototypes, embedding), float16.</summary>
    internal Tensor Prototypes { get; }

    /// <summary>The scores, (images, 2), float32.</summary>
    internal Tensor Scores { get; }

    public void Dispose()
    {
        Prototypes.Dispose();
        Scores.Dispose();
    }

    internal IEnumerable<KeyValuePair<string, Tensor>> Named() => [new(PrototypesName, Prototypes), new(ScoresName, Scores)];

    internal static ConformalReference? Read(SafetensorsReader reader, ImageClassifier model, CalibrationInfo? calibration)
    {
        var names = reader.Tensors.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToList();
        if (names.Count == 0)
        {
            return null;
        }

        if (calibration is null || names.Find(name => name is not (PrototypesName or ScoresName)) is not null)
        {
            throw new InvalidModelException(reader.Path, $"the tensors of a {ClassifierInfo.ClassifierKind}", $"also {names.Find(name => calibration is null || name is not (PrototypesName or ScoresName))}");
        }

        var prototypes = reader.Tensors.TryGetValue(PrototypesName, out var entry) && entry.Shape is [_, >= 1 and <= MostPrototypes and var count, _] ? count : 1;
        Check(reader, PrototypesName, "F16", [model.Options.Classes, prototypes, model.EmbeddingSize]);
        Check(reader, ScoresName, "F32", [calibration.Images, Measures]);
        using var scope = NewDisposeScope();
        return new ConformalReference(ReadFinite(reader, PrototypesName), ReadFinite(reader, ScoresName));
    }

    private static void Check(SafetensorsReader reader, string name, string dtype, long[] shape)
    {
        var entry = reader.Tensors.GetValueOrDefault(name);
        if (entry is null || entry.Dtype != dtype || !entry.Shape.SequenceEqual(shape))
        {
            throw new InvalidModelException(reader.Path, $"{name} of {SafetensorsEntry.Describe(dtype, shape)}", entry is null ? "no such tensor" : $"{entry}");
        }
    }

    private static Tensor ReadFinite(SafetensorsReader reader, string name)
    {
        var tensor = reader.ReadTensor(name);
        return tensor.isfinite().all().item<bool>() ? tensor : throw new InvalidModelException(reader.Path, $"finite numbers in {name}", "NaN or infinity");
    }
}
