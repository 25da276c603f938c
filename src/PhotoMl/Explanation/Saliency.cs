using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>The image-specific class saliency map.</summary>
/// <remarks>The size of the gradient of the class's logit by a pixel, of its channels the largest: K. Simonyan, A. Vedaldi, A. Zisserman,
/// "Deep Inside Convolutional Networks", ICLR workshop 2014, section 3.1.</remarks>
internal static class Saliency
{
    public static Heatmap Compute(ExplanationSubject subject)
    {
        using var scope = NewDisposeScope();
        var sizes = subject.InputGradient(subject.Image).abs().amax([1L]); // (1, H, W)
        return new Heatmap(subject.Height, subject.Width, sizes.contiguous().data<float>().ToArray());
    }
}
