using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>Integrated gradients.</summary>
/// <remarks>(x - b) times the mean of the gradients of the class's logit along the straight way from the baseline b to the image x: M.
/// Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks", ICML 2017, equation 1. The integral is a sum over the middles
/// of equal steps; the channels of a pixel are added up.</remarks>
internal static class IntegratedGradients
{
    public static (Heatmap Heatmap, Completeness Completeness) Compute(ExplanationSubject subject, ExplanationBaseline baseline, int steps)
    {
        using var scope = NewDisposeScope();
        var from = BaselineImage.Of(subject.Image, baseline);
        var way = subject.Image - from;
        var total = zeros_like(subject.Image);
        for (var first = 0; first < steps; first += subject.BatchSize)
        {
            subject.CancellationToken.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            var middles = arange(first, Math.Min(first + subject.BatchSize, steps), ScalarType.Float32).add(0.5).div(steps).reshape(-1, 1, 1, 1);
            total.add_(subject.InputGradient(from + (middles * way)).sum([0L], keepdim: true));
        }

        var heat = total.div(steps).mul(way).sum(1); // (1, H, W)
        var heatmap = new Heatmap(subject.Height, subject.Width, heat.contiguous().data<float>().ToArray());
        return (heatmap, new Completeness(heatmap.Sum, Logit(subject, subject.Image) - Logit(subject, from)));
    }

    private static double Logit(ExplanationSubject subject, Tensor image)
    {
        using var withoutGradients = no_grad();
        return subject.Network.forward(image)[0, subject.Class].item<float>();
    }
}
