using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>Gradients by the images themselves.</summary>
internal static class InputGradient
{
    /// <summary>Computes the gradient of the class's logit of each image by that image.</summary>
    /// <param name="subject">The network and the class.</param>
    /// <param name="images">Images, (N, C, H, W), float32 in [0, 1].</param>
    /// <returns>Gradients, (N, C, H, W), float32; the caller disposes them.</returns>
    public static Tensor Of(ExplanationSubject subject, Tensor images)
    {
        using var withGradients = enable_grad();
        using var scope = NewDisposeScope();
        var inputs = images.detach().requires_grad_(true);
        var score = subject.Network.forward(inputs).select(1, subject.Class).sum();
        return autograd.grad([score], [inputs])[0].MoveToOuterDisposeScope();
    }
}
