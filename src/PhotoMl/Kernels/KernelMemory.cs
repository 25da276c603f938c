using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhotoMl.Kernels;

/// <summary>Access of the kernels to tensors on the CPU.</summary>
internal static unsafe class KernelMemory
{
    // Memory is seen through spans, whose length is a 32-bit number of bytes; the first layer's output has eight elements an input.
    private const long MostElements = 1 << 26;

    /// <summary>The address of a contiguous CPU tensor's first element, valid while the tensor lives; null of null.</summary>
    public static T* Pointer<T>(Tensor? tensor)
        where T : unmanaged => tensor is null ? null : (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>Views or copies activations (N, C, H, W) as contiguous (N, H, W, C).</summary>
    public static Tensor ToChannelsLast(Tensor activations) => activations.permute(0, 2, 3, 1).contiguous();

    /// <summary>Views activations stored as (N, H, W, C) as (N, C, H, W).</summary>
    public static Tensor FromChannelsLast(Tensor activations) => activations.permute(0, 3, 1, 2);

    /// <summary>Whether a tensor is float32 in one piece on the CPU.</summary>
    public static bool IsPlain(Tensor tensor) =>
        tensor.device_type == TorchSharp.DeviceType.CPU && tensor.dtype == ScalarType.Float32 && tensor.is_contiguous();

    /// <summary>Whether the kernels can take a tensor and channels as they are.</summary>
    public static bool IsSupported(Tensor tensor, long channels) =>
        tensor.device_type == TorchSharp.DeviceType.CPU
        && tensor.numel() <= MostElements
        && channels % Lanes16.Count == 0
        && tensor.dtype is ScalarType.Float32 or ScalarType.BFloat16;
}
