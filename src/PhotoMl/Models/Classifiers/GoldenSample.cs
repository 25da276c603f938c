using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using PhotoMl.Data;

namespace PhotoMl.Models;

/// <summary>The logits that a few images gave when the model was saved, so that a model that no longer computes the same is
/// noticed.</summary>
/// <remarks>
/// The images are drawn from a seed: patterns of noise, of which each has pixels twice as large as the one before, so that edges and areas
/// are felt. They are computed in float32 by operators that were checked (<see cref="Kernels.ArithmeticCheck"/>), so every processor
/// computes the same.
/// </remarks>
internal sealed record GoldenSample(float[] Logits)
{
    public const long Seed = 0x474F4C44; // "GOLD"
    public const int Count = 4;

    // Other processors add in another order; an error of the weights or the arithmetic shows far above this.
    private const double Tolerance = 1e-3;

    /// <summary>The images, uint8, one after the other, in files of format 1 and 2, which stored held-out images; null in newer
    /// ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Pixels { get; init; }

    public static GoldenSample Take(ImageClassifier model)
    {
        using var images = DrawImages(model.Options);
        return new GoldenSample(ComputeLogits(model, images));
    }

    public static Tensor DrawImages(ClassifierOptions network)
    {
        using var scope = NewDisposeScope();
        var random = new DeterministicRandom(Seed);
        var images = new Tensor[Count];
        for (var image = 0; image < Count; image++)
        {
            var noise = new byte[network.Channels, (network.Height >> image) + 1, (network.Width >> image) + 1];
            foreach (ref var value in MemoryMarshal.CreateSpan(ref noise[0, 0, 0], noise.Length))
            {
                value = (byte)random.NextInt32(256);
            }

            images[image] = tensor(noise).repeat_interleave(1 << image, 1).repeat_interleave(1 << image, 2)
                .narrow(1, 0, network.Height).narrow(2, 0, network.Width); // (C, H, W)
        }

        return stack(images).MoveToOuterDisposeScope();
    }

    /// <summary>Checks that a model gives these logits; only older formats do not draw the images.</summary>
    public void Check(SafetensorsReader reader, ImageClassifier model, bool isDrawn)
    {
        var network = model.Options;
        var size = network.Channels * network.Height * network.Width;
        var count = isDrawn ? Count : (Pixels?.Length ?? 0) / size;
        reader.Require(
            Pixels is null == isDrawn
            && count is >= 1 and <= Count
            && Pixels?.Length % size is not > 0
            && Logits.Length == count * network.Classes,
            "a golden sample that fits the network",
            $"one of {Pixels?.Length ?? 0} stored pixels and {Logits.Length} logits");
        using var images = Pixels is null
            ? DrawImages(network)
            : tensor(Pixels, [count, network.Channels, network.Height, network.Width], ScalarType.Byte);
        var now = ComputeLogits(model, images);

        // Math.Max hands a NaN on, where Enumerable.Max would pass over it.
        var difference = now.Zip(Logits, (a, b) => Math.Abs((double)a - b)).Aggregate(Math.Max) / Math.Max(1, Logits.Max(Math.Abs));
        reader.Require(
            difference <= Tolerance, "the logits stored with the model", $"logits that differ by {difference:G3} of the largest");
    }

    private static float[] ComputeLogits(ImageClassifier model, Tensor pixels)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var evaluation = EvaluationMode.InFloat32(model); // batch norm would otherwise take these few images for its statistics
        return model.forward(PixelBatch.ToNetworkInput(pixels)).cpu().data<float>().ToArray();
    }
}
