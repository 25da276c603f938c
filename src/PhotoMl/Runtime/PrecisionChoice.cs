using TorchSharp;

namespace PhotoMl.Runtime;

/// <summary>A precision and why it was chosen.</summary>
/// <param name="Precision">The precision, never <see cref="Precision.Auto"/>.</param>
/// <param name="Reason">Why, as half a sentence.</param>
public sealed record PrecisionChoice(Precision Precision, string Reason)
{
    /// <summary>Decides what a wish means on a device.</summary>
    /// <param name="wish">The precision wished for.</param>
    /// <param name="device">Where the network runs; the CPU by default.</param>
    /// <returns>The precision to use and the reason.</returns>
    public static PrecisionChoice For(Precision wish, torch.Device? device = null)
    {
        if (wish != Precision.Auto)
        {
            return new PrecisionChoice(wish, "it was asked for");
        }

        if (device is not null && device.type != DeviceType.CPU)
        {
            return new PrecisionChoice(Precision.Float32, $"bfloat16 was not measured on {device.type}");
        }

        return ProcessorFeatures.HasFastBFloat16
            ? new PrecisionChoice(Precision.BFloat16, "the processor multiplies bfloat16 faster than float32")
            : new PrecisionChoice(Precision.Float32, ProcessorFeatures.HasBFloat16
                ? "the processor multiplies bfloat16 (AVX512_BF16), but float32 faster"
                : "the processor does not multiply bfloat16 (AVX512_BF16)");
    }
}
