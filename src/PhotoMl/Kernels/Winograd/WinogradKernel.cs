using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhotoMl.Kernels;

/// <summary>Transforms the windows of channels-last images to planes, or planes to windows; each float32 or bfloat16.</summary>
/// <typeparam name="TTile">The tile, of the side that the grid says.</typeparam>
/// <typeparam name="TDirection"><see cref="WinogradForward"/>, or <see cref="WinogradAdjoint"/> of the transform the other way.</typeparam>
internal sealed unsafe class WinogradKernel<TTile, TDirection>(Tensor pixels, WinogradGrid grid, Tensor planes, bool toPlanes) : IKernel
    where TTile : struct, IWinogradTile
    where TDirection : struct
{
    private const int Channels = Lanes16.Count; // a line of the cache

    private static bool IsAdjoint
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)] // a constant once compiled
        get => typeof(TDirection) == typeof(WinogradAdjoint);
    }

    private readonly PlaneGrid _planes = PlaneGrid.Of(planes);
    private readonly long _row = (long)grid.Width * grid.Channels;

    public void Run<T>(int part, int start, int end)
        where T : unmanaged
    {
        RangeBody run = (toPlanes, planes.dtype == ScalarType.BFloat16) switch
        {
            (true, true) => ToPlanes<T, ushort>,
            (true, false) => ToPlanes<T, float>,
            (false, true) => FromPlanes<T, ushort>,
            (false, false) => FromPlanes<T, float>,
        };
        run(part, start, end);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ToPlanes<TPixel, TPlane>(int part, int start, int end)
        where TPixel : unmanaged
        where TPlane : unmanaged
    {
        var images = KernelMemory.Pointer<TPixel>(pixels);

        // The adjoint is that of the transform of results.
        var (inputs, outputs, stride) = (IsAdjoint ? TTile.Side : TTile.Side + 2, TTile.Side + 2, _planes.PlaneStride);
        var window = stackalloc TPixel[inputs * inputs * Channels];
        var columns = stackalloc float[outputs * inputs * Channels];
        for (var tile = start * grid.Tiles; tile < end * grid.Tiles; tile++)
        {
            var (image, top, left) = grid.Place(tile);
            var isInside = grid.IsInside(top, left, inputs);
            for (var c = 0; c < grid.Channels; c += Channels)
            {
                var (across, down) = isInside ? (grid.Channels, _row) : (Channels, inputs * Channels);
                var from = images + grid.Offset(image, top, left) + c;
                if (!isInside)
                {
                    Gather(from, top, left, inputs, window);
                    from = window;
                }

                for (var x = 0; x < inputs; x++)
                {
                    TransformToPlanes<TPixel, float>(new(from + (x * across), down), new(columns + (x * Channels), inputs * Channels));
                }

                var plane = _planes.Image<TPlane>(tile, c);
                for (var y = 0; y < outputs; y++)
                {
                    TransformToPlanes<float, TPlane>(
                        new(columns + (y * inputs * Channels), Channels), new(plane + (y * outputs * stride), stride));
                }
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FromPlanes<TPixel, TPlane>(int part, int start, int end)
        where TPixel : unmanaged
        where TPlane : unmanaged
    {
        var images = KernelMemory.Pointer<TPixel>(pixels);

        // The adjoint is that of the transform of inputs, whose windows are larger than their tiles: they are added up.
        var (inputs, outputs, stride) = (TTile.Side + 2, IsAdjoint ? TTile.Side + 2 : TTile.Side, _planes.PlaneStride);
        var columns = stackalloc float[outputs * inputs * Channels];
        var window = stackalloc float[outputs * outputs * Channels];
        if (IsAdjoint)
        {
            var length = grid.Height * _row;
            NativeMemory.Clear(images + (start * length), (nuint)((end - start) * length * sizeof(TPixel)));
        }

        for (var tile = start * grid.Tiles; tile < end * grid.Tiles; tile++)
        {
            var (image, top, left) = grid.Place(tile);
            var isDirect = !IsAdjoint && grid.IsInside(top, left, outputs);
            for (var c = 0; c < grid.Channels; c += Channels)
            {
                var plane = _planes.Image<TPlane>(tile, c);
                for (var x = 0; x < inputs; x++)
                {
                    TransformFromPlanes<TPlane, float>(
                        new(plane + (x * stride), inputs * stride), new(columns + (x * Channels), inputs * Channels));
                }

                var to = images + grid.Offset(image, top, left) + c;
                for (var y = 0; y < outputs; y++)
                {
                    var line = new WinogradLine<float>(columns + (y * inputs * Channels), Channels);
                    if (isDirect)
                    {
                        TTile.Output<float, TPixel>(line, new(to + (y * _row), grid.Channels));
                    }
                    else
                    {
                        TransformFromPlanes<float, float>(line, new(window + (y * outputs * Channels), Channels));
                    }
                }

                if (!isDirect)
                {
                    Scatter(window, to, top, left, outputs);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformToPlanes<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        if (IsAdjoint)
        {
            TTile.OutputAdjoint(from, to);
        }
        else
        {
            TTile.Input(from, to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransformFromPlanes<TFrom, TTo>(WinogradLine<TFrom> from, WinogradLine<TTo> to)
    {
        if (IsAdjoint)
        {
            TTile.InputAdjoint(from, to);
        }
        else
        {
            TTile.Output(from, to);
        }
    }

    // What lies outside of the images is zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Gather<TPixel>(TPixel* from, int top, int left, int side, TPixel* window)
        where TPixel : unmanaged
    {
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++, window += Channels)
            {
                var isInside = grid.Has(top + y, left + x);
                (isInside ? Lanes16.Load(from + (y * _row) + ((long)x * grid.Channels)) : default).StoreAs(window);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Scatter<TPixel>(float* window, TPixel* to, int top, int left, int side)
        where TPixel : unmanaged
    {
        for (var y = 0; y < side; y++)
        {
            for (var x = 0; x < side; x++, window += Channels)
            {
                if (grid.Has(top + y, left + x))
                {
                    var pixel = to + (y * _row) + ((long)x * grid.Channels);
                    var value = Lanes16.Load(window);
                    (IsAdjoint ? value + Lanes16.Load(pixel) : value).StoreAs(pixel);
                }
            }
        }
    }
}

internal readonly struct WinogradForward;

internal readonly struct WinogradAdjoint;

/// <summary>Images and the windows that a transform takes from them or gives to them, one for each of <paramref name="Rows"/> times
/// <paramref name="Columns"/> tiles; the first begins <paramref name="Border"/> pixels outside.</summary>
internal readonly record struct WinogradGrid(int Height, int Width, int Channels, int Tile, int Rows, int Columns, int Border = 0)
{
    public int Tiles => Rows * Columns;
    public int Planes => (Tile + 2) * (Tile + 2);

    public (int Image, int Top, int Left) Place(int tile)
    {
        var (image, place) = Math.DivRem(tile, Tiles);
        var (row, column) = Math.DivRem(place, Columns);
        return (image, (row * Tile) - Border, (column * Tile) - Border);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Offset(int image, int y, int x) => (((((long)image * Height) + y) * Width) + x) * Channels;

    public bool Has(int y, int x) => (uint)y < (uint)Height && (uint)x < (uint)Width;

    public bool IsInside(int top, int left, int side) => Has(top, left) && Has(top + side - 1, left + side - 1);
}
