using System.Text.Json.Serialization;

namespace PhotoMl.Runtime;

/// <summary>The dtype of convolutions and large matrix products; weights, loss and logits are always float32.</summary>
public enum Precision
{
    /// <summary>bfloat16 where the processor multiplies it faster than float32, float32 elsewhere.</summary>
    Auto,

    /// <summary>32-bit floats, 24 significant bits.</summary>
    Float32,

    /// <summary>16-bit floats with the range of float32 and 8 significant bits.</summary>
    [JsonStringEnumMemberName("bfloat16")]
    BFloat16,
}
