using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>The outputs of a classifier: logits, (N, classes), features or embeddings, (N, D), both float32, and the classes of the images, (N), int64.</summary>
internal sealed record ClassifierOutputs(Tensor Logits, Tensor Features, Tensor Labels)
{
    /// <summary>Runs a classifier over some images, in float32 so that every machine computes the same.</summary>
    public static ClassifierOutputs Compute(
        ImageClassifier model, ImageDataset data, long[] indices, int batchSize, bool embeds, Action<int>? done, CancellationToken cancellationToken)
    {
        using var evaluation = EvaluationMode.InFloat32(model);
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();

        // Batches are copied into one tensor: kept one by one, they would lie between the activations and hold their memory.
        var logits = empty(indices.Length, model.Options.Classes);
        var features = empty(indices.Length, embeds ? model.EmbeddingSize : model.FeaturesPerImage);
        var (start, leftovers) = (0L, 0);
        foreach (var batch in indices.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var images = PixelBatch.ToNetworkInput(data.Take(batch));
            var (ofBatch, logitsOfBatch) = embeds ? model.ForwardWithEmbedding(images) : model.ForwardWithFeatures(images);
            logits.narrow(0, start, batch.Length).copy_(logitsOfBatch);
            features.narrow(0, start, batch.Length).copy_(ofBatch);
            start += batch.Length;
            done?.Invoke(batch.Length);
            NativeLeftovers.ReleaseSometimes(ref leftovers);
        }

        var labels = data.Labels.index_select(0, tensor(indices));
        return new ClassifierOutputs(logits.MoveToOuterDisposeScope(), features.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope());
    }

    public ClassifierOutputs Select(long[] indices)
    {
        using var index = tensor(indices);
        return new ClassifierOutputs(Logits.index_select(0, index), Features.index_select(0, index), Labels.index_select(0, index));
    }

    public long[] CountPredictions()
    {
        using var scope = NewDisposeScope();
        return Logits.argmax(1).bincount(null, Logits.shape[1]).data<long>().ToArray();
    }
}
