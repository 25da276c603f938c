using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PhotoMl.Kernels;

/// <summary>Lays out the 5 x 5 patches of images, two pixels apart, as rows of a matrix, and adds such rows back to images.</summary>
/// <remarks>
/// A row holds 32 numbers a channel: the 25 pixels of the patch, then a one that stands for the bias (first channel only), then zeros.
/// Both directions pass through a canvas: one channel with a margin of two pixels, so that edges are no special case.
/// </remarks>
internal static unsafe class StridedPatchKernel
{
    /// <summary>The height and width of a patch.</summary>
    public const int Kernel = 5;

    /// <summary>The pixels of a patch; in a row, the number after them belongs to the bias.</summary>
    public const int Taps = Kernel * Kernel;

    /// <summary>How many numbers of a row belong to one channel.</summary>
    public const int ChannelLength = 32;

    /// <summary>The largest height and width of an image.</summary>
    public const int MostPixels = 64;

    private const int Margin = 2;
    private const int LastLine = Kernel * (Kernel - 1);

    // A patch's line of five pixels is read and written as eight.
    private const int Stride = MostPixels + (2 * Margin) + 8;
    private const int CanvasLength = (MostPixels + (2 * Margin)) * Stride;

    /// <summary>Copies every patch of some images into a row (im2col).</summary>
    /// <param name="images">Images, (N, C, H, W).</param>
    /// <param name="rows">Patches, (N, ceil(H/2), ceil(W/2), C, 32); all of it is written.</param>
    /// <param name="grid">The sizes.</param>
    /// <param name="start">The first image.</param>
    /// <param name="end">The image after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(float* images, float* rows, PatchGrid grid, int start, int end)
    {
        var canvas = stackalloc float[CanvasLength];
        NativeMemory.Clear(canvas, CanvasLength * sizeof(float));
        for (var plane = start * grid.Channels; plane < end * grid.Channels; plane++)
        {
            Paint(images + ((long)plane * grid.Height * grid.Width), canvas, grid);
            var (image, channel) = (plane / grid.Channels, plane % grid.Channels);
            var one = Vector256<float>.Zero.WithElement(Kernel, channel == 0 ? 1 : 0);
            var to = rows + ((long)image * grid.Rows * grid.Columns * grid.PatchLength) + (channel * ChannelLength);
            for (var y = 0; y < grid.Rows; y++)
            {
                for (var x = 0; x < grid.Columns; x++, to += grid.PatchLength)
                {
                    // Of eight numbers the last three are the next line's to overwrite.
                    var patch = canvas + (2 * y * Stride) + (2 * x);
                    for (var line = 0; line < LastLine; line += Kernel, patch += Stride)
                    {
                        Vector256.Load(patch).Store(to + line);
                    }

                    Vector256<float>.Zero.Store(to + ChannelLength - Vector256<float>.Count);
                    (FirstFive(patch) | one).Store(to + LastLine);
                }
            }
        }
    }

    /// <summary>Adds up, for every pixel of some images, the numbers that all patches it is part of hold for it (col2im).</summary>
    /// <param name="rows">Patches, (N, ceil(H/2), ceil(W/2), C, 32).</param>
    /// <param name="bias">What each channel starts from, (C), or null for zero.</param>
    /// <param name="images">Images, (N, C, H, W); all of it is written.</param>
    /// <param name="grid">The sizes.</param>
    /// <param name="start">The first image.</param>
    /// <param name="end">The image after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddUp(float* rows, float* bias, float* images, PatchGrid grid, int start, int end)
    {
        var canvas = stackalloc float[CanvasLength];
        for (var plane = start * grid.Channels; plane < end * grid.Channels; plane++)
        {
            var (image, channel) = (plane / grid.Channels, plane % grid.Channels);
            new Span<float>(canvas, (grid.Height + (2 * Margin)) * Stride).Fill(bias == null ? 0 : bias[channel]);
            var from = rows + ((long)image * grid.Rows * grid.Columns * grid.PatchLength) + (channel * ChannelLength);
            for (var y = 0; y < grid.Rows; y++)
            {
                for (var x = 0; x < grid.Columns; x++, from += grid.PatchLength)
                {
                    var patch = canvas + (2 * y * Stride) + (2 * x);
                    for (var line = 0; line <= LastLine; line += Kernel, patch += Stride)
                    {
                        (Vector256.Load(patch) + FirstFive(from + line)).Store(patch);
                    }
                }
            }

            CutOut(canvas, images + ((long)plane * grid.Height * grid.Width), grid);
        }
    }

    private static void Paint(float* plane, float* canvas, PatchGrid grid)
    {
        for (var y = 0; y < grid.Height; y++)
        {
            new Span<float>(plane + (y * grid.Width), grid.Width).CopyTo(new Span<float>(Interior(canvas, y), grid.Width));
        }
    }

    private static void CutOut(float* canvas, float* plane, PatchGrid grid)
    {
        for (var y = 0; y < grid.Height; y++)
        {
            new Span<float>(Interior(canvas, y), grid.Width).CopyTo(new Span<float>(plane + (y * grid.Width), grid.Width));
        }
    }

    private static float* Interior(float* canvas, int y) => canvas + ((y + Margin) * Stride) + Margin;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FirstFive(float* source) =>
        Vector256.Load(source) & Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(Kernel)).AsSingle();
}
