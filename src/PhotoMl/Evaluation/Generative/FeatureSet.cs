using PhotoMl.Data;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>What a classifier makes of images.</summary>
internal sealed record FeatureSet(Tensor Features, Tensor Predictions)
{
    /// <summary>Runs a classifier over images, in float32 so that every machine judges alike.</summary>
    public static FeatureSet Compute(
        ImageClassifier model, ImageDataset data, long[] indices, int batchSize, Action<int> done, CancellationToken cancellationToken)
    {
        using var evaluation = EvaluationMode.InFloat32(model);
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();

        // Batches are copied into one tensor: kept one by one, they would lie between the activations and hold their memory.
        var features = empty(indices.Length, model.FeaturesPerImage);
        var predictions = empty(indices.Length, dtype: ScalarType.Int64);
        var start = 0;
        foreach (var batch in indices.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var images = PixelBatch.ToNetworkInput(data.Take(batch));
            var (ofBatch, logits) = model.ForwardWithFeatures(images);
            features.narrow(0, start, batch.Length).copy_(ofBatch);
            predictions.narrow(0, start, batch.Length).copy_(logits.argmax(1));
            start += batch.Length;
            done(batch.Length);
        }

        return new FeatureSet(features.MoveToOuterDisposeScope(), predictions.MoveToOuterDisposeScope());
    }

    public FeatureSet Select(long[] indices)
    {
        using var index = tensor(indices);
        return new FeatureSet(Features.index_select(0, index), Predictions.index_select(0, index));
    }

    public long[] CountClasses(int classes)
    {
        using var counts = Predictions.bincount(null, classes);
        return counts.data<long>().ToArray();
    }
}
