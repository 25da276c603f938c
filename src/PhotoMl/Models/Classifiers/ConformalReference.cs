namespace PhotoMl.Models;

/// <summary>What new images are compared with to find the classes they may be of; stored in a model file beside the weights.</summary>
/// <remarks>
/// Two tensors under the prefix <c>calibration.</c>: what the training images of each class look like to the network, and how strange each
/// validation image looks as one of its own class. The first is made of training images alone, the second of validation images alone.
/// </remarks>
internal sealed class ConformalReference(Tensor prototypes, Tensor scores) : IDisposable
{
    internal const string Prefix = "calibration.";

    /// <summary>The measures of strangeness: by the class's probability, and by the distance to its prototypes.</summary>
    internal const int Measures = 2;

    internal const int MostPrototypes = 32;

    private const string PrototypesName = Prefix + "prototypes";
    private const string ScoresName = Prefix + "scores";

    public int Images => (int)Scores.shape[0];

    /// <summary>The prototypes, (classes, prototypes, embedding), float16.</summary>
    internal Tensor Prototypes { get; } = prototypes.DetachFromDisposeScope();

    /// <summary>The scores, (images, 2), float32.</summary>
    internal Tensor Scores { get; } = scores.DetachFromDisposeScope();

    public void Dispose()
    {
        Prototypes.Dispose();
        Scores.Dispose();
    }

    internal IEnumerable<KeyValuePair<string, Tensor>> Named() => [new(PrototypesName, Prototypes), new(ScoresName, Scores)];

    internal static List<string> NamesIn(TensorReader reader) =>
        [.. reader.Tensors.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))];

    internal static ConformalReference? Read(TensorReader reader, ImageClassifier model, CalibrationInfo? calibration)
    {
        var names = NamesIn(reader);
        if (names.Count == 0)
        {
            return null;
        }

        var extra = names.Find(name => calibration is null || name is not (PrototypesName or ScoresName));
        reader.Require(extra is null, $"the tensors of a {ClassifierInfo.ClassifierKind}", $"also {extra}");
        var found = reader.Tensors.GetValueOrDefault(PrototypesName)?.Shape;
        var prototypes = found is [_, >= 1 and <= MostPrototypes and var count, _] ? count : 1;
        reader.Expect(PrototypesName, [model.Options.Classes, prototypes, model.EmbeddingSize], "F16");
        reader.Expect(ScoresName, [calibration!.Images, Measures], "F32");
        using var scope = NewDisposeScope();
        return new ConformalReference(reader.ReadFinite(PrototypesName), reader.ReadFinite(ScoresName));
    }
}
