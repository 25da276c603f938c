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
}
