using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>Finds the one number that logits are divided by so that probabilities say how often a prediction is right.</summary>
/// <remarks>C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 4.2: the temperature T of least mean
/// cross-entropy of softmax(z / T) on images that were not trained on. It changes no prediction. The cross-entropy is convex in 1 / T with
/// the derivative mean(sum_k p_k z_k - z_y), so the least is where that crosses zero, which bisection finds however the logits are
/// scaled.</remarks>
internal static class TemperatureScaling
{
    private const int Bisections = 60; // halves the range below the precision of float64

    /// <summary>Fits the temperature to logits, (N, classes), and labels, (N), int64, of images that were not trained on.</summary>
    /// <returns>The temperature, in [0.05, 20]; 1 where the least lies beyond that, as it does where every image is predicted right: such
    /// images do not show overconfidence.</returns>
    public static double Fit(Tensor logits, Tensor labels)
    {
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var z = logits.to(ScalarType.Float64);
        z = z - z.gather(1, labels.unsqueeze(1)); // of each image above the logit of its class, which leaves the softmax as it is

        // In the logarithm of 1 / T, so that the range is halved in proportion.
        var (low, high) = (-Math.Log(CalibrationInfo.HighestTemperature), -Math.Log(CalibrationInfo.LowestTemperature));
        if (Slope(low) > 0 || Slope(high) < 0)
        {
            return 1;
        }

        for (var i = 0; i < Bisections; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Slope(middle) < 0 ? (middle, high) : (low, middle);
        }

        return Math.Clamp(Math.Exp(-(low + high) / 2), CalibrationInfo.LowestTemperature, CalibrationInfo.HighestTemperature);

        double Slope(double logarithm)
        {
            using var step = NewDisposeScope();
            return (z.mul(Math.Exp(logarithm)).softmax(1) * z).sum(1).mean().item<double>();
        }
    }

    /// <summary>Computes softmax(logits / temperature), (N, classes), float64; the caller disposes it.</summary>
    public static Tensor ToProbabilities(Tensor logits, double temperature)
    {
        using var scope = NewDisposeScope();
        return logits.to(ScalarType.Float64).div(temperature).softmax(1).MoveToOuterDisposeScope();
    }
}
