using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Computes the loss of a batch and its gradients: each thread those of a part of the images, where the network takes them one by
/// one.</summary>
/// <remarks>The parts are added in order, so the same number of threads gives the same bits. Batch norm takes a batch as a whole, and so
/// do pseudo-labels.</remarks>
internal sealed class ClassifierGradients(ImageClassifier model, double unlabeledWeight)
{
    private readonly Tensor[] _trained = [.. model.parameters().Where(parameter => parameter.requires_grad)];
    private readonly bool _hasBatchNorm = model.named_buffers().Any();

    /// <summary>Gives each trained parameter its gradient.</summary>
    /// <returns>The mean loss, and how many images are predicted right.</returns>
    public (double Loss, long Right) Compute(ClassifierBatch batch, PseudoLabelBatch? pseudo, ClassifierLoss loss)
    {
        var images = batch.Labels.shape[0];
        var isWhole = _hasBatchNorm || pseudo is not null;
        var parts = isWhole ? 1 : ThreadParts.CountFor(images, batch.Images.shape[2] * batch.Images.shape[3]);
        Part[] results = isWhole ? [Compute(0)] : ThreadParts.Run(parts, Compute);
        StepObserver.Begin("sum of gradients");
        foreach (var (i, parameter) in _trained.Index())
        {
            parameter.grad = results.Select(part => part.Gradients[i]).Aggregate((sum, term) => sum.add_(term, KeptScalars.One));
        }

        var sums = (results.Sum(part => part.Share * part.Loss.item<float>()), results.Sum(part => part.Right.item<long>()));
        Array.ForEach(results, part => part.Dispose());
        return sums;

        Part Compute(int part)
        {
            using var scope = NewDisposeScope();
            var (start, end) = ThreadParts.Range(images, part, parts);
            return ComputePart(batch.Select(start, end - start), pseudo, loss, (double)(end - start) / images);
        }
    }

    private Part ComputePart(ClassifierBatch batch, PseudoLabelBatch? pseudo, ClassifierLoss losses, double share)
    {
        StepObserver.Begin("forward, between layers");
        var outputs = model.forward(pseudo is null ? batch.Images : cat([batch.Images, pseudo.Images]));
        StepObserver.Begin("loss");
        var logits = outputs.narrow(0, 0, batch.Labels.shape[0]);
        var loss = losses.Compute(logits, batch);
        if (pseudo is not null)
        {
            var strong = outputs.narrow(0, logits.shape[0], pseudo.Labels.Length);
            loss += PseudoLabels.Loss(strong, pseudo.Labels, pseudo.Weights) * unlabeledWeight;
        }

        StepObserver.Begin("backward, between layers");
        var gradients = autograd.grad([loss], _trained, [tensor((float)share)]);
        StepObserver.Begin("metrics");
        var right = logits.argmax(1).eq(batch.Labels).sum();
        return new Part(
            [.. gradients.Select(gradient => gradient.DetachFromDisposeScope())], share, loss.detach().DetachFromDisposeScope(),
            right.DetachFromDisposeScope());
    }

    // The gradients of the share that a part's images have in the loss; the mean loss of these, and how many are predicted right.
    private sealed record Part(Tensor[] Gradients, double Share, Tensor Loss, Tensor Right) : IDisposable
    {
        public void Dispose() => Array.ForEach([.. Gradients, Loss, Right], tensor => tensor.Dispose());
    }
}
