using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>One of the transforms of minimal filtering along one axis.</summary>
internal unsafe interface IWinogradTransform
{
    static abstract int Inputs { get; }
    static abstract int Outputs { get; }

    static abstract void Apply<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
        where TFrom : unmanaged
        where TTo : unmanaged;
}

/// <summary>Vectors of sixteen channels at equal distances in memory, float32 (<c>float</c>) or bfloat16 (<c>ushort</c>).</summary>
internal readonly unsafe struct WinogradLine<T>(T* first, long step)
    where T : unmanaged
{
    public Vector512<float> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Lanes16.Load(first + (index * step));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => value.StoreAs(first + (index * step));
    }
}
