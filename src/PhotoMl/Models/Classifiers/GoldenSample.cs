using System.Text.Json.Serialization;
using PhotoMl.Data;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>The logits that a few images gave when the model was saved, so that a model that no longer computes the same is noticed.</summary>
/// <remarks>
/// The images are drawn from a seed: patterns of noise, of which each has pixels twice as large as the one before, so that edges and areas are felt. They are computed in float32 by
/// operators that were checked (<see cref="ArithmeticCheck"/>), so every processor computes the same.
/// </remarks>
internal sealed record GoldenSample(float[] Logits)
{
    private const int Count = 4;
    private const long Seed = 0x474F4C44; // "GOLD"

    // Other processors add in another order; an error of the weights or the arithmetic shows far above this.
    private const double Tolerance = 1e-3;

    /// <summary>The images, uint8, one after the other, in files of format 1 and 2, which stored held-out images; null in newer ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Pixels { get; init; }

    [JsonIgnore]
    public bool IsFinite => Logits.All(float.IsFinite);

    public static GoldenSample Take(ImageClassifier model)
    {
        using var images = DrawImages(model.Options);
        return new GoldenSample(ComputeLogits(model, images));
    }

    public static Tensor DrawImages(ClassifierOptions network)
    {
        var random = new DeterministicRandom(Seed);
        var (channels, height, width) = (network.Channels, network.Height, network.Width);
        var pixels = new byte[Count * channels * height * width];
        var next = 0;
        for (var image = 0; image < Count; image++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                var columns = (width >> image) + 1;
                var noise = new byte[((height >> image) + 1) * columns];
                foreach (ref var value in noise.AsSpan())
                {
                    value = (byte)random.NextInt32(256);
                }

                for (var y = 0; y < height; y++)
                {
                    for (var x = 0; x < width; x++)
                    {
                        pixels[next++] = noise[((y >> image) * columns) + (x >> image)];
                    }
                }
            }
        }

        return tensor(pixels, [Count, channels, height, width], ScalarType.Byte);
    }

    /// <summary>Computes the largest difference between the logits now and then, relative to the largest of then.</summary>
    public double? Disagreement(ImageClassifier model)
    {
        using var images = Images(model.Options);
        var now = ComputeLogits(model, images);

        // Math.Max hands a NaN on, where Enumerable.Max would pass over it.
        var difference = now.Zip(Logits, (a, b) => Math.Abs((double)a - b)).Aggregate(Math.Max) / Math.Max(1, Logits.Max(Math.Abs));
        return difference <= Tolerance ? null : difference;
    }

    private Tensor Images(ClassifierOptions network)
    {
        var size = network.Channels * network.Height * network.Width;
        var count = Pixels is null ? Count : Pixels.Length / size;
        if (count is < 1 or > Count || (Pixels is not null && Pixels.Length % size != 0) || Logits.Length != count * network.Classes)
        {
            throw new InvalidDataException($"a golden sample of {count} images and {Logits.Length} logits");
        }

        return Pixels is null ? DrawImages(network) : tensor(Pixels, [count, network.Channels, network.Height, network.Width], ScalarType.Byte);
    }

    private static float[] ComputeLogits(ImageClassifier model, Tensor pixels)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var evaluation = EvaluationMode.InFloat32(model); // batch norm would otherwise take these few images for its statistics
        return model.forward(PixelBatch.ToNetworkInput(pixels)).cpu().data<float>().ToArray();
    }
}
