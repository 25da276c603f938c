using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>What a classifier makes of images.</summary>
internal sealed record ClassifierOutputs(Tensor Logits, Tensor Embeddings, Tensor Labels)
{
    private const int MostImages = 128; // at once

    /// <summary>Runs a classifier over some images, in float32.</summary>
    public static ClassifierOutputs Compute(ImageClassifier model, ImageDataset data, long[] indices, CancellationToken cancellationToken)
    {
        using var evaluation = EvaluationMode.InFloat32(model);
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var logits = empty(indices.Length, model.Options.Classes);
        var embeddings = empty(indices.Length, model.EmbeddingSize);
        var (start, leftovers) = (0L, 0);
        foreach (var batch in indices.Chunk(ClassifierEvaluator.BatchSizeFor(MostImages, data.Height, data.Width)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var (embedding, ofBatch) = model.ForwardWithEmbedding(PixelBatch.ToNetworkInput(data.Take(batch)));
            logits.narrow(0, start, batch.Length).copy_(ofBatch);
            embeddings.narrow(0, start, batch.Length).copy_(embedding);
            start += batch.Length;
            NativeLeftovers.ReleaseSometimes(ref leftovers);
        }

        var labels = data.Labels.index_select(0, tensor(indices));
        return new ClassifierOutputs(logits.MoveToOuterDisposeScope(), embeddings.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope());
    }
}
