namespace PhotoMl.Data;

/// <summary>The one way from pixels to what a network is given, in training, evaluation and prediction alike.</summary>
internal static class PixelBatch
{
    // Several threads may use them at once; see KeptScalars.
    private static readonly TorchSharp.Scalar Zero = 0;
    private static readonly TorchSharp.Scalar Half = 127.5f;
    private static readonly TorchSharp.Scalar Whole = 255;

    /// <summary>Turns pixels into network input: images, (N, C, H, W), float32 in [0, 1].</summary>
    public static Tensor ToNetworkInput(Tensor pixels) => pixels.to(ScalarType.Float32).div_(Whole);

    /// <summary>Turns pixels into what a generator makes: images, (N, C, H, W), float32 from -1 for 0 to 1 for 255.</summary>
    public static Tensor ToSigned(Tensor pixels) => pixels.to(ScalarType.Float32).div_(Half).sub_(KeptScalars.One);

    /// <summary>Turns what a generator makes into pixels, by rounding to the nearest: pixels, (N, C, H, W), uint8.</summary>
    public static Tensor FromSigned(Tensor images)
    {
        using var scope = NewDisposeScope();
        var rounded = images.add(KeptScalars.One, KeptScalars.One).mul_(Half).round_().clamp_(Zero, Whole);
        return rounded.to(ScalarType.Byte).MoveToOuterDisposeScope();
    }
}
