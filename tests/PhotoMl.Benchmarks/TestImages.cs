using PhotoMl.Data;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>Noise of the size that a classifier takes.</summary>
internal static class Noise
{
    public static ImageDataset Create(ClassifierOptions network, int count)
    {
        var pixels = new byte[(long)count * network.Channels * network.Height * network.Width];
        new Random(1).NextBytes(pixels);
        using var scope = NewDisposeScope();
        return new ImageDataset(
            "noise",
            tensor(pixels, [count, network.Channels, network.Height, network.Width], ScalarType.Byte),
            arange(count, ScalarType.Int64).remainder(network.Classes),
            Names(network.Classes));
    }

    public static string[] Names(int classes) => [.. Enumerable.Range(0, classes).Select(i => $"{i}")];
}

/// <summary>Pictures of a bright spot anywhere: with noise a generator seems to have collapsed, and the trainer gives up.</summary>
internal static class Spots
{
    public const int Size = 28;

    /// <summary>Draws pictures.</summary>
    /// <returns>Their pixels, one picture after the other.</returns>
    public static byte[] Draw(int seed, int count)
    {
        var random = new Random(seed);
        var pixels = new byte[count * Size * Size];
        for (var start = 0; start < pixels.Length; start += Size * Size)
        {
            var width = 2 + (4 * random.NextDouble());
            var (rows, columns) = (Profile(random, width), Profile(random, width));
            for (var i = 0; i < Size * Size; i++)
            {
                pixels[start + i] = (byte)(255 * rows[i / Size] * columns[i % Size]);
            }
        }

        return pixels;
    }

    /// <summary>Draws pictures as a network takes them.</summary>
    /// <returns>Images, (N, 1, 28, 28), float32 in [-1, 1].</returns>
    public static Tensor Batch(int seed, int count)
    {
        using var pixels = tensor(Draw(seed, count), [count, 1, Size, Size]);
        return pixels.to(ScalarType.Float32).div_(127.5).sub_(1);
    }

    private static double[] Profile(Random random, double width)
    {
        var centre = Size * random.NextDouble();
        return [.. Enumerable.Range(0, Size).Select(i => Math.Exp(-Math.Pow((i - centre) / width, 2)))];
    }
}
