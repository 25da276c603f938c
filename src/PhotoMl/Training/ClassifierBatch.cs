using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>The images of one training step, as the network sees them.</summary>
internal sealed class ClassifierBatch(Tensor images, Tensor labels, Tensor? targets) : IDisposable
{
    /// <summary>Images, (N, C, H, W), float32 in [0, 1].</summary>
    public Tensor Images { get; } = images;

    /// <summary>The class of each image, (N), int64; of a mixed image, the class that most of it shows.</summary>
    public Tensor Labels { get; } = labels;

    /// <summary>The share of each class in each image, (N, classes), float32, where images were mixed; null where each is of one class.</summary>
    public Tensor? Targets { get; } = targets;

    /// <summary>Moves the tensors to the outer dispose scope.</summary>
    public ClassifierBatch MoveToOuterDisposeScope()
    {
        Images.MoveToOuterDisposeScope();
        Labels.MoveToOuterDisposeScope();
        Targets?.MoveToOuterDisposeScope();
        return this;
    }

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
        Targets?.Dispose();
    }
}
