using PhotoMl.Data;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>A few pictures a generator made when it was saved, so that a model that no longer makes the same is noticed.</summary>
internal sealed record GoldenPictures(byte[] Pixels)
{
    private const int Count = 4;
    private const long Seed = 0x474F4C44; // "GOLD"

    // Other processors add in another order, and a value between two levels may fall to either.
    private const int Tolerance = 2;

    public static GoldenPictures Take(DcganGenerator generator)
    {
        using var images = Make(generator);
        return new GoldenPictures(BytesOf(images));
    }

    public string? Disagreement(DcganGenerator generator)
    {
        using var scope = NewDisposeScope();
        var images = Make(generator);
        if (!images.isfinite().all().item<bool>())
        {
            return "pictures of NaN or infinity";
        }

        var now = BytesOf(images);
        if (now.Length != Pixels.Length)
        {
            return $"pictures of {Pixels.Length} bytes instead of {now.Length}";
        }

        var worst = now.Zip(Pixels, (a, b) => Math.Abs(a - b)).Max();
        return worst <= Tolerance ? null : $"pictures that differ by {worst} of 255";
    }

    private static byte[] BytesOf(Tensor images)
    {
        using var pixels = PixelBatch.FromSigned(images);
        return pixels.bytes.ToArray();
    }

    public static (Tensor Latents, Tensor? Labels) Inputs(DcganOptions network)
    {
        var values = new DeterministicRandom(Seed).NextGaussians(Count * network.Latent, deviation: 1);
        using var scope = NewDisposeScope();
        var labels = network.Classes > 0 ? arange(Count, ScalarType.Int64).remainder(network.Classes).MoveToOuterDisposeScope() : null;
        return (AlignedTensor.Copy(values, Count, network.Latent).MoveToOuterDisposeScope(), labels);
    }

    private static Tensor Make(DcganGenerator generator)
    {
        using var evaluation = EvaluationMode.InFloat32(generator);
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var (latents, labels) = Inputs(generator.Options);
        return generator.Generate(latents, labels).MoveToOuterDisposeScope();
    }
}
