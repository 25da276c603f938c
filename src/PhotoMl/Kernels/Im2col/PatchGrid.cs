using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>The patches of channels-last images as the rows of a matrix (im2col), and the sum of such rows as images (col2im).</summary>
internal sealed record PatchGrid(int Height, int Width, int Channels, int Kernel, int Stride, int Padding)
{
    public int Rows => ((PaddedHeight - Kernel) / Stride) + 1;
    public int Columns => ((PaddedWidth - Kernel) / Stride) + 1;
    public int PatchLength => Kernel * Line;

    // The pixels side by side with all their channels, which are one piece of memory.
    private int Line => Kernel * Channels;

    private int PaddedHeight => Height + (2 * Padding);
    private int PaddedWidth => Width + (2 * Padding);

    public Tensor Gather(Tensor images)
    {
        using var scope = NewDisposeScope();
        var padded = Padding == 0 ? images : nn.functional.pad(images, [0, 0, Padding, Padding, Padding, Padding]);
        var rows = empty([images.shape[0] * Rows * Columns, PatchLength], images.dtype);
        IKernel.Run(new Walk(this, padded, rows, adds: false), images.dtype, images.shape[0]);
        return rows.MoveToOuterDisposeScope();
    }

    /// <summary>Adds up, for every pixel, the elements that all patches around it have for it: the adjoint of <see cref="Gather"/>.</summary>
    public Tensor AddUp(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var images = rows.shape[0] / (Rows * Columns);
        var padded = zeros([images, PaddedHeight, PaddedWidth, Channels]);
        IKernel.Run(new Walk(this, padded, rows, adds: true), rows.dtype, images);
        return padded.narrow(1, Padding, Height).narrow(2, Padding, Width).to(rows.dtype).contiguous().MoveToOuterDisposeScope();
    }

    // Where a patch begins in padded images.
    private long Offset(int image, int row, int column) =>
        (((((long)image * PaddedHeight) + (row * Stride)) * PaddedWidth) + (column * Stride)) * Channels;

    private sealed unsafe class Walk(PatchGrid grid, Tensor padded, Tensor patches, bool adds) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T>(int part, int start, int end)
            where T : unmanaged
        {
            var (sizes, line, down) = (grid, grid.Line, grid.PaddedWidth * grid.Channels);
            void* pixels = adds ? KernelMemory.Pointer<float>(padded) : KernelMemory.Pointer<T>(padded);
            var patch = KernelMemory.Pointer<T>(patches) + ((long)start * sizes.Rows * sizes.Columns * sizes.PatchLength);
            for (var row = start * sizes.Rows; row < end * sizes.Rows; row++)
            {
                for (var column = 0; column < sizes.Columns; column++)
                {
                    var offset = sizes.Offset(row / sizes.Rows, row % sizes.Rows, column);
                    for (var y = 0; y < sizes.Kernel; y++, offset += down, patch += line)
                    {
                        if (adds)
                        {
                            Add(patch, (float*)pixels + offset, line);
                        }
                        else
                        {
                            new ReadOnlySpan<T>((T*)pixels + offset, line).CopyTo(new Span<T>(patch, line));
                        }
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add<T>(T* from, float* to, int count)
            where T : unmanaged
        {
            var i = 0;
            for (; i <= count - Lanes16.Count; i += Lanes16.Count)
            {
                var (low, high) = Lanes16.Load(from + i);
                (Vector256.Load(to + i) + low).Store(to + i);
                (Vector256.Load(to + i + 8) + high).Store(to + i + 8);
            }

            // A line of bfloat16 has whole lanes.
            for (; i < count; i++)
            {
                to[i] += ((float*)from)[i];
            }
        }
    }
}
