using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Finds the one number that logits are divided by so that probabilities say how often a prediction is right.</summary>
/// <remarks>
/// C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 4.2: the temperature T of least mean cross-entropy of softmax(z / T) on images that were not
/// trained on. It changes no prediction. The cross-entropy is convex in 1 / T with the derivative mean(sum_k p_k z_k - z_y), so the least is where that crosses zero, which bisection
/// finds however the logits are scaled.
/// </remarks>
internal static class TemperatureScaling
{
    private const int Bisections = 60; // halves the range below the precision of float64

    /// <summary>Fits the temperature.</summary>
    /// <param name="logits">Logits, (N, classes), float32 or float64, of images that were not trained on.</param>
    /// <param name="labels">Their classes, (N), int64.</param>
    /// <returns>
    /// The temperature, in [0.05, 20]; 1 where the least lies beyond that, as it does where every image is predicted right: such images do not show overconfidence.
    /// </returns>
    /// <exception cref="ArgumentException">The shapes or dtypes are others, there are no images, a label is out of range, or a logit is not finite.</exception>
    public static double Fit(Tensor logits, Tensor labels)
    {
        Check(logits, labels);
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var z = logits.to(ScalarType.Float64);
        z = z - z.gather(1, labels.unsqueeze(1)); // of each image above the logit of its class, which leaves the softmax as it is

        // In the logarithm of 1 / T, so that the range is halved in proportion.
        var (low, high) = (-Math.Log(CalibrationInfo.HighestTemperature), -Math.Log(CalibrationInfo.LowestTemperature));
        if (Slope(z, Math.Exp(low)) > 0 || Slope(z, Math.Exp(high)) < 0)
        {
            return 1;
        }

        for (var i = 0; i < Bisections; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Slope(z, Math.Exp(middle)) < 0 ? (middle, high) : (low, middle);
        }

        return Math.Clamp(Math.Exp(-(low + high) / 2), CalibrationInfo.LowestTemperature, CalibrationInfo.HighestTemperature);
    }

    /// <summary>Computes probabilities.</summary>
    /// <param name="logits">Logits, (N, classes), float32 or float64.</param>
    /// <param name="temperature">The temperature, above 0.</param>
    /// <returns>softmax(logits / temperature), (N, classes), float64; the caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not above 0.</exception>
    public static Tensor ToProbabilities(Tensor logits, double temperature)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (!(temperature > 0 && double.IsFinite(temperature)))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), $"Expected a temperature above 0 but got {temperature}.");
        }

        using var scope = NewDisposeScope();
        return logits.to(ScalarType.Float64).div(temperature).softmax(1).MoveToOuterDisposeScope();
    }

    private static double Slope(Tensor z, double inverse)
    {
        using var scope = NewDisposeScope();
        return (z.mul(inverse).softmax(1) * z).sum(1).mean().item<double>();
    }

    private static void Check(Tensor logits, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        if (logits.dim() != 2 || logits.shape[0] == 0 || logits.shape[1] == 0 || logits.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"Expected logits (N, classes) of Float32 or Float64 but got ({string.Join(", ", logits.shape)}) of {logits.dtype}.", nameof(logits));
        }

        if (labels.dim() != 1 || labels.shape[0] != logits.shape[0] || labels.dtype != ScalarType.Int64)
        {
            throw new ArgumentException($"Expected labels ({logits.shape[0]}) of Int64 but got ({string.Join(", ", labels.shape)}) of {labels.dtype}.", nameof(labels));
        }

        using var scope = NewDisposeScope();
        if (labels.min().item<long>() < 0 || labels.max().item<long>() >= logits.shape[1])
        {
            throw new ArgumentException($"Expected labels from 0 to {logits.shape[1] - 1} but got {labels.min().item<long>()} to {labels.max().item<long>()}.", nameof(labels));
        }

        if (!logits.isfinite().all().item<bool>())
        {
            throw new ArgumentException("Expected finite logits but got one that is infinite or no number.", nameof(logits));
        }
    }
}
