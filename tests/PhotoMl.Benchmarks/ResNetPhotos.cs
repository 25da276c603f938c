using PhotoMl.Data;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>What the comparisons of the residual network work on: noise of the size of photos.</summary>
internal static class ResNetPhotos
{
    public const int BatchSize = 64;
    public const int Size = 96;
    public const int Classes = 10;

    public static ClassifierOptions Network { get; } =
        new() { Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = Size, Width = Size, Classes = Classes };

    public static ImageDataset Create(int count)
    {
        var pixels = new byte[count * 3 * Size * Size];
        new Random(1).NextBytes(pixels);
        using var scope = NewDisposeScope();
        return new ImageDataset(
            "noise",
            tensor(pixels, [count, 3, Size, Size], ScalarType.Byte),
            arange(count, ScalarType.Int64).remainder(Classes),
            [.. Enumerable.Range(0, Classes).Select(i => $"{i}")]);
    }
}
