using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>A loop over activations in float32 (<c>float</c>) or bfloat16 (<c>ushort</c>) memory, which runs part by part.</summary>
/// <remarks>A kernel holds the tensors that it reads and writes; all are contiguous, on the CPU, and outlive the run.</remarks>
internal interface IKernel
{
    void Run<T>(int part, int start, int end)
        where T : unmanaged;

    public static void Run(IKernel kernel, ScalarType dtype, long count) =>
        ParallelRanges.For((int)count, ParallelRanges.Parts, dtype == ScalarType.BFloat16 ? kernel.Run<ushort> : kernel.Run<float>);
}
