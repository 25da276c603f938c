using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>The images of one training step, as the network sees them.</summary>
/// <param name="Images">Images, (N, C, H, W), float32 in [0, 1].</param>
/// <param name="Labels">The class of each image, (N), int64; of a mixed image, the class that most of it shows.</param>
/// <param name="Targets">The share of each class in each image, (N, classes), float32, where images were mixed; null where each is of one class.</param>
public sealed record ClassifierBatch(Tensor Images, Tensor Labels, Tensor? Targets) : IDisposable
{
    /// <summary>Lets go of the tensors.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
        Targets?.Dispose();
    }
}
