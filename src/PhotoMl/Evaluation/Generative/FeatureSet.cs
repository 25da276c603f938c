using PhotoMl.Data;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>What a classifier makes of images.</summary>
/// <param name="Features">(N, 64), float32.</param>
/// <param name="Predictions">The most probable class of each image, (N), int64.</param>
internal sealed record FeatureSet(Tensor Features, Tensor Predictions)
{
    /// <summary>Runs a classifier over images, in float32 so that every machine judges alike.</summary>
    /// <param name="model">The classifier; it is put into evaluation mode and float32, and back.</param>
    /// <param name="data">The images; their labels are not looked at.</param>
    /// <param name="indices">Which images, in which order.</param>
    /// <param name="batchSize">Images per batch.</param>
    /// <param name="done">Told the number of images of each batch when it is done.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>Features and predictions in the order of the indices; the caller disposes the tensors.</returns>
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

    /// <summary>Takes some of the images.</summary>
    /// <param name="indices">Which, in which order.</param>
    /// <returns>Their features and predictions; the caller disposes the tensors.</returns>
    public FeatureSet Select(long[] indices)
    {
        using var index = tensor(indices);
        return new FeatureSet(Features.index_select(0, index), Predictions.index_select(0, index));
    }

    /// <summary>Counts the images of each class.</summary>
    /// <param name="classes">The number of classes.</param>
    /// <returns>One count a class.</returns>
    public long[] CountClasses(int classes)
    {
        using var counts = Predictions.bincount(null, classes);
        return counts.data<long>().ToArray();
    }
}
