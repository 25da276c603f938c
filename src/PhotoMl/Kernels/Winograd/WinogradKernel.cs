using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhotoMl.Kernels;

/// <summary>Transforms the tiles of channels-last images to planes and back, both float32 (<c>float</c>) or bfloat16
/// (<c>ushort</c>).</summary>
internal static unsafe class WinogradKernel<T>
    where T : struct, IWinogradTransform
{
    private const int Channels = Lanes16.Count; // a line of the cache

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TElement>(TElement* pixels, WinogradGrid grid, PlaneGrid planes, bool toPlanes, int start, int end)
        where TElement : unmanaged
    {
        var window = stackalloc float[T.Inputs * T.Inputs * Channels];
        var columns = stackalloc float[T.Outputs * T.Inputs * Channels];
        var result = stackalloc float[T.Outputs * T.Outputs * Channels];
        var imageLength = (long)grid.Height * grid.Width * grid.Channels;
        if (!toPlanes && grid.Border > 0)
        {
            NativeMemory.Clear(pixels + (start * imageLength), (nuint)((end - start) * imageLength * sizeof(TElement)));
        }

        for (var tile = start * grid.Tiles; tile < end * grid.Tiles; tile++)
        {
            var (image, place) = Math.DivRem(tile, grid.Tiles);
            var (row, column) = Math.DivRem(place, grid.Columns);
            var (top, left) = ((row * grid.Tile) - grid.Border, (column * grid.Tile) - grid.Border);
            for (var c = 0; c < grid.Channels; c += Channels)
            {
                var origin = pixels + (image * imageLength) + c;
                var plane = planes.Image<TElement>(tile, c);
                if (toPlanes)
                {
                    Gather(origin, grid, top, left, window);
                    Transform(window, columns, result);
                    Copy(result, Channels, plane, planes.PlaneStride, T.Outputs * T.Outputs);
                }
                else
                {
                    Copy(plane, planes.PlaneStride, window, Channels, T.Inputs * T.Inputs);
                    Transform(window, columns, result);
                    Scatter(result, origin, grid, top, left);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<TFrom, TTo>(TFrom* from, long fromStride, TTo* to, long toStride, int count)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        for (var i = 0; i < count; i++, from += fromStride, to += toStride)
        {
            Lanes16.Load(from).StoreAs(to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(float* window, float* columns, float* result)
    {
        for (var x = 0; x < T.Inputs * Channels; x += Channels)
        {
            T.Apply(new(window + x, T.Inputs * Channels), new(columns + x, T.Inputs * Channels));
        }

        for (var y = 0; y < T.Outputs; y++, columns += T.Inputs * Channels, result += T.Outputs * Channels)
        {
            T.Apply(new(columns, Channels), new(result, Channels));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather<TElement>(TElement* image, WinogradGrid grid, int top, int left, float* window)
        where TElement : unmanaged
    {
        for (var y = top; y < top + T.Inputs; y++)
        {
            var from = image + ((((long)y * grid.Width) + left) * grid.Channels);
            for (var x = left; x < left + T.Inputs; x++, from += grid.Channels, window += Channels)
            {
                var isInside = (uint)y < (uint)grid.Height && (uint)x < (uint)grid.Width;
                (isInside ? Lanes16.Load(from) : default).StoreAs(window);
            }
        }
    }

    // Windows with a border overlap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scatter<TElement>(float* result, TElement* image, WinogradGrid grid, int top, int left)
        where TElement : unmanaged
    {
        for (var y = top; y < top + T.Outputs; y++)
        {
            var to = image + ((((long)y * grid.Width) + left) * grid.Channels);
            for (var x = left; x < left + T.Outputs; x++, to += grid.Channels, result += Channels)
            {
                if ((uint)y < (uint)grid.Height && (uint)x < (uint)grid.Width)
                {
                    var value = Lanes16.Load(result);
                    (grid.Border > 0 ? value + Lanes16.Load(to) : value).StoreAs(to);
                }
            }
        }
    }
}

/// <summary>Images and the windows that a transform takes from them or gives to them: tiles, with a border or without.</summary>
internal readonly record struct WinogradGrid(int Height, int Width, int Channels, int Tile, int Border)
{
    public int Columns => (Width + Tile - 1) / Tile;
    public int Tiles => (Height + Tile - 1) / Tile * Columns;
    public int Planes => (Tile + 2) * (Tile + 2);
}
