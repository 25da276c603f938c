using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>The transforms of minimal filtering along one axis: some results of a filter of three taps, by two products more than there
/// are results.</summary>
internal interface IWinogradTile
{
    /// <summary>The number of results.</summary>
    static abstract int Side { get; }

    /// <summary>The transform of the filter, (side + 2, 3).</summary>
    static abstract float[] Filter { get; }

    static abstract void Input<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
        where TFrom : unmanaged
        where TTo : unmanaged;

    static abstract void Output<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
        where TFrom : unmanaged
        where TTo : unmanaged;

    static abstract void OutputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
        where TFrom : unmanaged
        where TTo : unmanaged;

    static abstract void InputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
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
