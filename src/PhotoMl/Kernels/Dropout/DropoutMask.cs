using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>Which elements dropout keeps: each by a draw of its own, which depends on the seed and the element's index only.</summary>
internal readonly unsafe struct DropoutMask
{
    private readonly CounterHash _hash;
    private readonly uint _threshold; // a draw below it drops the element

    /// <summary>Makes the mask that belongs to a seed.</summary>
    /// <param name="rate">The share of elements to drop, in [0, 1).</param>
    /// <param name="seed">The seed; any number.</param>
    public DropoutMask(double rate, long seed)
    {
        _hash = CounterHash.FromSeed(seed);
        _threshold = (uint)(rate * (1L << 32));
    }

    /// <summary>Whether an element is kept.</summary>
    public bool Keeps(uint index) => _hash.Draw(index) >= _threshold;

    /// <summary>All bits of a kept element's lane, none of a dropped one's, for eight indices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<uint> Keeps(Vector256<uint> indices) =>
        Vector256.GreaterThanOrEqual(_hash.Draw(indices), Vector256.Create(_threshold));

    /// <summary>Writes the mask out.</summary>
    /// <param name="shape">The shape (N, H, W, C) whose order the indices follow.</param>
    /// <returns>1 where an element is kept and 0 where not, float32, on the CPU.</returns>
    public Tensor ToTensor(params ReadOnlySpan<long> shape)
    {
        var mask = empty(shape);
        var to = KernelMemory.Pointer<float>(mask);
        var self = this;
        ParallelRanges.For((int)mask.numel(), ParallelRanges.Parts, (_, start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                to[i] = self.Keeps((uint)i) ? 1 : 0;
            }
        });
        return mask;
    }
}
