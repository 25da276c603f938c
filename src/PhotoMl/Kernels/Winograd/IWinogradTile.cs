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

    /// <summary>The side + 2 numbers that are multiplied, of side + 2 pixels.</summary>
    static abstract void Input<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to);

    /// <summary>The results, of the side + 2 products.</summary>
    static abstract void Output<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to);

    /// <summary>The gradient by the products, of that by the results.</summary>
    static abstract void OutputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to);

    /// <summary>The gradient by the pixels, of that by the numbers that were multiplied.</summary>
    static abstract void InputAdjoint<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to);
}

/// <summary>Vectors of sixteen channels at equal distances in memory, float32 (<c>float</c>) or bfloat16 (<c>ushort</c>).</summary>
internal readonly unsafe struct WinogradLine<T>(void* first, long step)
{
    public Vector512<float> this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float)
            ? Lanes16.Load((float*)first + (index * step))
            : Lanes16.Load((ushort*)first + (index * step));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            if (typeof(T) == typeof(float))
            {
                value.StoreAs((float*)first + (index * step));
            }
            else
            {
                value.StoreAs((ushort*)first + (index * step));
            }
        }
    }
}
