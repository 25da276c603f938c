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

    public DropoutMask(double rate, long seed)
    {
        _hash = CounterHash.FromSeed(seed);
        _threshold = (uint)(rate * (1L << 32));
    }

    public bool Keeps(uint index) => _hash.Draw(index) >= _threshold;

    /// <summary>All bits of a kept element's lane, none of a dropped one's, for eight indices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<uint> Keeps(Vector256<uint> indices) =>
        Vector256.GreaterThanOrEqual(_hash.Draw(indices), Vector256.Create(_threshold));

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
