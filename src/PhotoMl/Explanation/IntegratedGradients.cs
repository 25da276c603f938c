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
            using var step = NewDisposeScope();
            var middles = arange(first, Math.Min(first + subject.BatchSize, steps), ScalarType.Float32).add(0.5).div(steps);
            total.add_(subject.InputGradient(from + (middles.reshape(-1, 1, 1, 1) * way)).sum([0L], keepdim: true));
        }

        var heatmap = Heatmap.Of(total.div(steps).mul(way).sum(1)); // (1, H, W)
        return (heatmap, new Completeness(heatmap.Sum, Logit(subject.Image) - Logit(from)));

        double Logit(Tensor image)
        {
            using var withoutGradients = no_grad();
            return subject.Network.forward(image)[0, subject.Class].item<float>();
        }
    }
}

/// <summary>How well integrated gradients add up to what they explain, which too few steps keep them from.</summary>
/// <param name="AttributionSum">The sum of the attributions of all pixels.</param>
/// <param name="LogitDifference">The logit of the class for the image, less that for the baseline.</param>
/// <remarks>M. Sundararajan, A. Taly, Q. Yan, "Axiomatic Attribution for Deep Networks", ICML 2017, proposition 1.</remarks>
public sealed record Completeness(double AttributionSum, double LogitDifference)
{
    /// <summary>The difference of both as a share of the second, at least 0; infinite where that is 0 and the first is not.</summary>
    public double Gap => AttributionSum == LogitDifference ? 0 : Math.Abs(AttributionSum - LogitDifference) / Math.Abs(LogitDifference);
}
