using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Transforms the tiles of channels-last images to planes and back.</summary>
internal static unsafe class WinogradKernel<T>
    where T : struct, IWinogradTransform
{
    private const int Channels = 16; // a line of the cache
    private const int Half = 8;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPlanes(float* pixels, WinogradGrid grid, int border, PlaneGrid planes, int start, int end)
    {
        var window = stackalloc float[T.Inputs * T.Inputs * Channels];
        var columns = stackalloc float[T.Outputs * T.Inputs * Channels];
        var result = stackalloc float[T.Outputs * T.Outputs * Channels];
        for (var tile = start * grid.Tiles; tile < end * grid.Tiles; tile++)
        {
            var (image, top, left) = Place(tile, grid, border);
            var origin = pixels + ((long)image * grid.Height * grid.Width * grid.Channels);
            for (var c = 0; c < grid.Channels; c += Channels)
            {
                Gather(origin + c, grid, top, left, window);
                Transform(window, columns, result);
                var to = planes.Image(tile, c);
                for (var i = 0; i < T.Outputs * T.Outputs; i++, to += planes.PlaneStride)
                {
                    Vector256.Load(result + (i * Channels)).Store(to);
                    Vector256.Load(result + (i * Channels) + Half).Store(to + Half);
                }
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPixels(PlaneGrid planes, float* pixels, WinogradGrid grid, int border, int start, int end)
    {
        var window = stackalloc float[T.Inputs * T.Inputs * Channels];
        var columns = stackalloc float[T.Outputs * T.Inputs * Channels];
        var result = stackalloc float[T.Outputs * T.Outputs * Channels];
        var imageLength = (long)grid.Height * grid.Width * grid.Channels;
        if (border > 0)
        {
            NativeMemory.Clear(pixels + (start * imageLength), (nuint)((end - start) * imageLength * sizeof(float)));
        }

        for (var tile = start * grid.Tiles; tile < end * grid.Tiles; tile++)
        {
            var (image, top, left) = Place(tile, grid, border);
            var origin = pixels + (image * imageLength);
            for (var c = 0; c < grid.Channels; c += Channels)
            {
                var from = planes.Image(tile, c);
                for (var i = 0; i < T.Inputs * T.Inputs; i++, from += planes.PlaneStride)
                {
                    Vector256.Load(from).Store(window + (i * Channels));
                    Vector256.Load(from + Half).Store(window + (i * Channels) + Half);
                }

                Transform(window, columns, result);
                Scatter(result, origin + c, grid, top, left, border > 0);
            }
        }
    }

    private static (int Image, int Top, int Left) Place(int tile, WinogradGrid grid, int border)
    {
        var (image, place) = Math.DivRem(tile, grid.Tiles);
        var (row, column) = Math.DivRem(place, grid.Columns);
        return (image, (row * grid.Tile) - border, (column * grid.Tile) - border);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(float* window, float* columns, float* result)
    {
        for (var x = 0; x < T.Inputs; x++)
        {
            T.Apply(window + (x * Channels), T.Inputs * Channels, columns + (x * Channels), T.Inputs * Channels);
            T.Apply(window + (x * Channels) + Half, T.Inputs * Channels, columns + (x * Channels) + Half, T.Inputs * Channels);
        }

        for (var y = 0; y < T.Outputs; y++)
        {
            T.Apply(columns + (y * T.Inputs * Channels), Channels, result + (y * T.Outputs * Channels), Channels);
            T.Apply(columns + (y * T.Inputs * Channels) + Half, Channels, result + (y * T.Outputs * Channels) + Half, Channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(float* image, WinogradGrid grid, int top, int left, float* window)
    {
        for (var y = top; y < top + T.Inputs; y++)
        {
            var from = image + ((((long)y * grid.Width) + left) * grid.Channels);
            for (var x = left; x < left + T.Inputs; x++, from += grid.Channels, window += Channels)
            {
                var isInside = (uint)y < (uint)grid.Height && (uint)x < (uint)grid.Width;
                (isInside ? Vector256.Load(from) : Vector256<float>.Zero).Store(window);
                (isInside ? Vector256.Load(from + Half) : Vector256<float>.Zero).Store(window + Half);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scatter(float* result, float* image, WinogradGrid grid, int top, int left, bool adds)
    {
        for (var y = top; y < top + T.Outputs; y++)
        {
            var to = image + ((((long)y * grid.Width) + left) * grid.Channels);
            for (var x = left; x < left + T.Outputs; x++, to += grid.Channels, result += Channels)
            {
                if ((uint)y < (uint)grid.Height && (uint)x < (uint)grid.Width)
                {
                    var (low, high) = (Vector256.Load(result), Vector256.Load(result + Half));
                    (adds ? low + Vector256.Load(to) : low).Store(to);
                    (adds ? high + Vector256.Load(to + Half) : high).Store(to + Half);
                }
            }
        }
    }
}

/// <summary>Images and the tiles they are cut into.</summary>
internal readonly record struct WinogradGrid(int Height, int Width, int Channels, int Tile)
{
    public int Rows => (Height + Tile - 1) / Tile;
    public int Columns => (Width + Tile - 1) / Tile;
    public int Tiles => Rows * Columns;
    public int Planes => (Tile + 2) * (Tile + 2);
}

/// <summary>One of the transforms of minimal filtering along one axis, for eight channels at a time.</summary>
internal unsafe interface IWinogradTransform
{
    static abstract int Inputs { get; }
    static abstract int Outputs { get; }

    static abstract void Apply(float* from, int step, float* to, int toStep);
}
