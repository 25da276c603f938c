using PhotoMl.Data;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>A few images and the logits they gave when the model was saved, so that a model that no longer computes the same is noticed.</summary>
/// <param name="Pixels">The images, uint8, one after the other.</param>
/// <param name="Logits">The logits of each, computed in float32.</param>
internal sealed record GoldenSample(byte[] Pixels, float[] Logits)
{
    /// <summary>How many images are kept at most.</summary>
    public const int MostImages = 4;

    // Other processors add in another order; an error of the weights or the arithmetic shows far above this.
    private const double Tolerance = 1e-3;

    /// <summary>Whether every logit is a finite number.</summary>
    public bool IsFinite => Logits.All(float.IsFinite);

    /// <summary>Takes the first images of a data set as the sample.</summary>
    public static GoldenSample Take(ImageClassifier model, Tensor images)
    {
        using var scope = NewDisposeScope();
        var pixels = images.narrow(0, 0, Math.Min(MostImages, images.shape[0])).contiguous();
        return new GoldenSample(pixels.bytes.ToArray(), ComputeLogits(model, pixels));
    }

    /// <summary>Computes the largest difference between the logits now and then, relative to the largest of then.</summary>
    /// <returns>The difference, or null if it is within the tolerance.</returns>
    /// <exception cref="InvalidDataException">The sample does not fit the network.</exception>
    public double? Disagreement(ImageClassifier model)
    {
        using var scope = NewDisposeScope();
        var now = ComputeLogits(model, Images(model.Options));

        // Math.Max hands a NaN on, where Enumerable.Max would pass over it.
        var difference = now.Zip(Logits, (a, b) => Math.Abs((double)a - b)).Aggregate(Math.Max) / Math.Max(1, Logits.Max(Math.Abs));
        return difference <= Tolerance ? null : difference;
    }

    /// <summary>The images as a tensor.</summary>
    /// <returns>Images, (N, C, H, W), uint8; the caller disposes them.</returns>
    /// <exception cref="InvalidDataException">The sample does not fit the network.</exception>
    public Tensor Images(ClassifierOptions network)
    {
        var size = network.Channels * network.Height * network.Width;
        var count = Pixels.Length / size;
        return count is < 1 or > MostImages || Pixels.Length % size != 0 || Logits.Length != count * network.Classes
            ? throw new InvalidDataException($"a golden sample of {Pixels.Length} bytes and {Logits.Length} logits")
            : tensor(Pixels, [count, network.Channels, network.Height, network.Width], ScalarType.Byte);
    }

    private static float[] ComputeLogits(ImageClassifier model, Tensor pixels)
    {
        using var withoutGradients = no_grad();
        var (precision, training) = (model.Precision, model.training);
        model.Precision = Precision.Float32;
        model.eval(); // batch norm would otherwise take these few images for its statistics
        try
        {
            return model.forward(PixelBatch.ToNetworkInput(pixels)).cpu().data<float>().ToArray();
        }
        finally
        {
            model.Precision = precision;
            model.train(training);
        }
    }
}
