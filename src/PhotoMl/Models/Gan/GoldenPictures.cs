using PhotoMl.Data;

namespace PhotoMl.Models;

/// <summary>A few pictures a generator made when it was saved, so that a model that no longer makes the same is noticed.</summary>
internal sealed record GoldenPictures(byte[] Pixels)
{
    // Other processors add in another order, and a value between two levels may fall to either.
    private const int Tolerance = 2;

    public static GoldenPictures Take(DcganGenerator generator)
    {
        using var scope = NewDisposeScope();
        return new GoldenPictures(PixelBatch.FromSigned(Make(generator)).bytes.ToArray());
    }

    /// <summary>Checks that a generator makes these pictures.</summary>
    public void Check(SafetensorsReader reader, DcganGenerator generator)
    {
        using var scope = NewDisposeScope();
        var images = Make(generator);
        var now = PixelBatch.FromSigned(images).bytes.ToArray();
        var fault = !images.isfinite().all().item<bool>() ? "pictures of NaN or infinity"
            : now.Length != Pixels.Length ? $"pictures of {Pixels.Length} bytes instead of {now.Length}"
            : now.Zip(Pixels, (a, b) => Math.Abs(a - b)).Max() is > Tolerance and var worst ? $"pictures that differ by {worst} of 255"
            : null;
        reader.Require(fault is null, "the pictures stored with the model", $"{fault}");
    }

    public static (Tensor Latents, Tensor? Labels) Inputs(DcganOptions network)
    {
        var values = new DeterministicRandom(GoldenSample.Seed).NextGaussians(GoldenSample.Count * network.Latent, deviation: 1);
        long[] labels = [.. Enumerable.Range(0, GoldenSample.Count).Select(index => index % Math.Max(1L, network.Classes))];
        return (AlignedTensor.Copy(values, GoldenSample.Count, network.Latent), network.Classes > 0 ? tensor(labels) : null);
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
