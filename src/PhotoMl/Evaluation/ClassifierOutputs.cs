using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>The outputs of a classifier: logits, (N, classes), features or embeddings, (N, D), both float32, and labels, (N),
/// int64.</summary>
internal sealed record ClassifierOutputs(Tensor Logits, Tensor Features, Tensor Labels)
{
    /// <summary>Runs a classifier over some images, in float32 so that every machine computes the same.</summary>
    public static ClassifierOutputs Compute(
        ImageClassifier model,
        ImageDataset data,
        long[] indices,
        int batchSize,
        bool embeds,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var float32 = new PrecisionScope(Precision.Float32);
        using var scope = NewDisposeScope();

        // Batches are copied into one tensor: kept one by one, they would lie between the activations and hold their memory.
        var logits = empty(indices.Length, model.Options.Classes);
        var features = empty(indices.Length, embeds ? model.EmbeddingSize : model.FeaturesPerImage);
        ClassifierEvaluator.ForEachBatch(model, data, indices, batchSize, Compute, Keep, progress, cancellationToken);
        var labels = data.Labels.index_select(0, tensor(indices)).MoveToOuterDisposeScope();
        return new ClassifierOutputs(logits.MoveToOuterDisposeScope(), features.MoveToOuterDisposeScope(), labels);

        Tensor[] Compute(Tensor images)
        {
            var (ofBatch, logitsOfBatch) = embeds ? model.ForwardWithEmbedding(images) : model.ForwardWithFeatures(images);
            return [ofBatch, logitsOfBatch];
        }

        void Keep(int start, Tensor[] outputs)
        {
            features.narrow(0, start, outputs[0].shape[0]).copy_(outputs[0]);
            logits.narrow(0, start, outputs[1].shape[0]).copy_(outputs[1]);
        }
    }

    /// <summary>These outputs, none of which may be NaN or infinity.</summary>
    /// <exception cref="InvalidModelException">One is: the classifier's weights are too large for its images.</exception>
    public ClassifierOutputs Finite()
    {
        using var scope = NewDisposeScope();
        return Logits.isfinite().all().item<bool>() && Features.isfinite().all().item<bool>()
            ? this
            : throw new InvalidModelException("classifier", "one whose outputs are finite numbers", "NaN or infinity");
    }

    public ClassifierOutputs Select(long[] indices)
    {
        using var index = tensor(indices);
        return new ClassifierOutputs(Logits.index_select(0, index), Features.index_select(0, index), Labels.index_select(0, index));
    }

    /// <summary>The share of the images that is predicted as each class.</summary>
    public double[] ClassShares()
    {
        using var scope = NewDisposeScope();
        return [.. Logits.argmax(1).bincount(null, Logits.shape[1]).data<long>().Select(images => (double)images / Logits.shape[0])];
    }
}
