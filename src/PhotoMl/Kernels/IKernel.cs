using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>A loop over activations in float32 (<c>float</c>) or bfloat16 (<c>ushort</c>) memory, which runs part by part.</summary>
/// <remarks>A kernel holds the tensors that it reads and writes; all are contiguous, on the CPU, and outlive the run.</remarks>
internal interface IKernel
{
    /// <summary>Does one part of the work.</summary>
    /// <param name="part">The number of the part, from 0.</param>
    /// <param name="start">The first index of the part.</param>
    /// <param name="end">The index after the last of the part.</param>
    /// <typeparam name="T">The memory format of the activations.</typeparam>
    void Run<T>(int part, int start, int end)
        where T : unmanaged;

    /// <summary>Runs a kernel on torch's threads.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="dtype">The dtype of its activations.</param>
    /// <param name="count">How many images or rows it works on.</param>
    public static void Run(IKernel kernel, ScalarType dtype, long count) =>
        ParallelRanges.For((int)count, ParallelRanges.Parts, dtype == ScalarType.BFloat16 ? kernel.Run<ushort> : kernel.Run<float>);
}
