using static TorchSharp.torch;

namespace PhotoMl.Data;

/// <summary>The one way from pixels to what a network is given, in training, evaluation and prediction alike.</summary>
public static class PixelBatch
{
    /// <summary>Turns pixels into network input.</summary>
    /// <param name="pixels">Pixels, (N, C, H, W), uint8.</param>
    /// <returns>Images, (N, C, H, W), float32 in [0, 1]; the caller disposes them.</returns>
    public static Tensor ToNetworkInput(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        return pixels.to(ScalarType.Float32).div_(255);
    }

    /// <summary>Turns pixels into what a generator makes and a discriminator is given: 0 becomes -1, 255 becomes 1.</summary>
    /// <param name="pixels">Pixels, (N, C, H, W), uint8.</param>
    /// <returns>Images, (N, C, H, W), float32 in [-1, 1]; the caller disposes them.</returns>
    public static Tensor ToSigned(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        return pixels.to(ScalarType.Float32).div_(127.5f).sub_(1);
    }

    /// <summary>Turns what a generator makes into pixels, by rounding to the nearest.</summary>
    /// <param name="images">Images, (N, C, H, W), float32 in [-1, 1].</param>
    /// <returns>Pixels, (N, C, H, W), uint8; the caller disposes them.</returns>
    public static Tensor FromSigned(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = NewDisposeScope();
        return images.add(1).mul_(127.5f).round_().clamp_(0, 255).to(ScalarType.Byte).MoveToOuterDisposeScope();
    }
}
