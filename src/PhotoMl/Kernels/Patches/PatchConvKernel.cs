using System.Numerics;
using System.Runtime.CompilerServices;

namespace PhotoMl.Kernels;

/// <summary>Lays out the patches of channels-last images as rows of a matrix, and adds rows up to images.</summary>
/// <remarks>A line of a patch is one piece of memory: the pixels side by side with all their channels.</remarks>
internal static unsafe class PatchConvKernel
{
    /// <summary>Lays out patches; what lies outside the image is zero.</summary>
    /// <param name="images">Images, (N, H, W, C).</param>
    /// <param name="grid">The sizes.</param>
    /// <param name="rows">Patches, (N * patches, kernel * kernel * C); all are written.</param>
    /// <param name="start">The first line of results, of all images.</param>
    /// <param name="end">The line after the last.</param>
    public static void Gather(float* images, PatchConvGrid grid, float* rows, int start, int end)
    {
        var line = grid.Kernel * grid.Channels;
        for (var row = start; row < end; row++)
        {
            for (var column = 0; column < grid.Columns; column++)
            {
                var to = rows + ((((long)row * grid.Columns) + column) * grid.PatchLength);
                for (var y = 0; y < grid.Kernel; y++, to += line)
                {
                    var from = Find(images, grid, row, column, y, out var first, out var count);
                    var target = new Span<float>(to, line);
                    target[..first].Clear();
                    new ReadOnlySpan<float>(from, count).CopyTo(target[first..]);
                    target[(first + count)..].Clear();
                }
            }
        }
    }

    /// <summary>Adds patches up to images.</summary>
    /// <param name="rows">Patches, (N * patches, kernel * kernel * C).</param>
    /// <param name="grid">The sizes.</param>
    /// <param name="images">Images, (N, H, W, C); all are written.</param>
    /// <param name="start">The first image.</param>
    /// <param name="end">The image after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddUp(float* rows, PatchConvGrid grid, float* images, int start, int end)
    {
        var line = grid.Kernel * grid.Channels;
        var length = (long)grid.Height * grid.Width * grid.Channels;
        System.Runtime.InteropServices.NativeMemory.Clear(images + (start * length), (nuint)((end - start) * length * sizeof(float)));
        for (var row = start * grid.Rows; row < end * grid.Rows; row++)
        {
            for (var column = 0; column < grid.Columns; column++)
            {
                var from = rows + ((((long)row * grid.Columns) + column) * grid.PatchLength);
                for (var y = 0; y < grid.Kernel; y++, from += line)
                {
                    var to = Find(images, grid, row, column, y, out var first, out var count);
                    Add(from + first, to, count);
                }
            }
        }
    }

    // The part of a patch's line that lies inside the image: where it begins, after how many numbers of the line, and how many it has.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Find(float* images, PatchConvGrid grid, int row, int column, int y, out int first, out int count)
    {
        var (image, resultRow) = Math.DivRem(row, grid.Rows);
        var top = (resultRow * PatchConvGrid.Stride) - (grid.Kernel / 2) + y;
        var left = (column * PatchConvGrid.Stride) - (grid.Kernel / 2);
        var (begin, end) = (Math.Max(left, 0), Math.Min(left + grid.Kernel, grid.Width));
        var isInside = (uint)top < (uint)grid.Height;
        first = isInside ? (begin - left) * grid.Channels : 0;
        count = isInside ? (end - begin) * grid.Channels : 0;
        return isInside ? images + ((((((long)image * grid.Height) + top) * grid.Width) + begin) * grid.Channels) : images;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* from, float* to, int count)
    {
        var i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i);
        }

        for (; i < count; i++)
        {
            to[i] += from[i];
        }
    }
}
