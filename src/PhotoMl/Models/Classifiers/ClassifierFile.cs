namespace PhotoMl.Models;

/// <summary>A classifier on disk: a safetensors file whose header says how it was made and how to use it.</summary>
/// <remarks>
/// The tensors have PyTorch's names and layouts. The header's <c>__metadata__</c> has two entries. <c>photoml</c> is a JSON object
/// of <see cref="ClassifierInfo"/> and the golden sample: the logits of images that are drawn from a seed, so that no picture of anybody's
/// is in the file. The other is the SHA-256 of all that. Tensors whose names begin with <c>calibration.</c> are no weights: see
/// <see cref="ConformalReference"/>.
/// </remarks>
internal static class ClassifierFile
{
    // The first format that holds its hash, and no pictures.
    private const int FirstHashedFormat = 3;

    /// <summary>Writes a classifier; what stood there before stays until the new file is whole.</summary>
    public static void Save(string path, ImageClassifier model, ClassifierInfo info, ConformalReference? conformal = null)
    {
        if (conformal is not null && info.Calibration?.Images != conformal.Images)
        {
            throw new ArgumentException(
                $"Expected the calibration on {conformal.Images} images but got {info.Calibration?.Images ?? 0}.", nameof(info));
        }

        var stored = new StoredClassifier(info with { FormatVersion = ClassifierInfo.CurrentFormat }, GoldenSample.Take(model));
        ModelFile.Write(path, model, stored, conformal?.Named());
    }

    public static void SaveScores(string path, ClassifierScores scores)
    {
        using var loaded = Load(path);
        Save(path, loaded.Model, loaded.Info with { Scores = scores }, loaded.Conformal);
    }

    public static LoadedClassifier Load(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        var stored = ReadStored(reader);
        var (info, isHashed) = (stored.Info, stored.Info.FormatVersion >= FirstHashedFormat);
        return ModelFile.ReadNetwork(
            reader, ClassifierInfo.ClassifierKind, isHashed, device => ImageClassifier.CreateBlank(info.Network, device), model =>
            {
                stored.GoldenSample.Check(reader, model, isDrawn: isHashed);
                return new LoadedClassifier(model, info, ConformalReference.Read(reader, model, info.Calibration));
            },
            ConformalReference.Prefix);
    }

    /// <summary>Reads how the probabilities of a classifier were set right, without its weights.</summary>
    internal static CalibrationInfo? ReadCalibration(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        return ConformalReference.NamesIn(reader).Count > 0 ? ReadStored(reader).Info.Calibration : null;
    }

    private static StoredClassifier ReadStored(SafetensorsReader reader) => ModelFile.ReadStored<StoredClassifier>(
        reader, ClassifierInfo.ClassifierKind, ClassifierInfo.CurrentFormat, stored => CheckFits(reader, stored.Info));

    private static void CheckFits(SafetensorsReader reader, ClassifierInfo info)
    {
        var (network, input) = (info.Network.Validated(), info.Preprocessing);
        reader.Require(
            info.ClassNames.Count == network.Classes && !info.ClassNames.Contains(null!),
            $"{network.Classes} class names",
            info.ClassNames.Count(name => name is not null));
        var counts = info.Training?.ClassCounts;
        reader.Require(
            counts is null || (counts.Count == network.Classes && counts.All(count => count >= 0)),
            $"the numbers of training images of {network.Classes} classes",
            string.Join(", ", counts ?? []));
        reader.Require(
            (input.Channels, input.Height, input.Width) == (network.Channels, network.Height, network.Width),
            $"pictures prepared for a network of {network.Channels}x{network.Height}x{network.Width}",
            $"{input.Channels}x{input.Height}x{input.Width}");
    }

    private sealed record StoredClassifier(ClassifierInfo Info, GoldenSample GoldenSample);
}

/// <summary>A classifier read from a file, with what the file stores beside its weights.</summary>
/// <param name="Model">The classifier.</param>
/// <param name="Info">What it is.</param>
/// <param name="Conformal">What new images are compared with to find the classes they may be of; null where the file has nothing of it.
/// Owned by this object.</param>
internal sealed record LoadedClassifier(ImageClassifier Model, ClassifierInfo Info, ConformalReference? Conformal = null) : IDisposable
{
    /// <summary>Whether logits are the mean of those of an image and of its mirror image.</summary>
    public bool AveragesFlips { get; init; }

    /// <summary>Computes the unit embedding, (N, D), and the logits, (N, classes), of images, (N, C, H, W).</summary>
    public (Tensor Embeddings, Tensor Logits) Forward(Tensor images)
    {
        var (embeddings, logits) = Model.ForwardWithEmbedding(images);
        return (embeddings, AveragesFlips ? logits.add(Model.forward(images.flip(3)), KeptScalars.One).div(KeptScalars.Two) : logits);
    }

    public void Dispose()
    {
        Conformal?.Dispose();
        Model.Dispose();
    }
}
