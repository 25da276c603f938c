using System.Runtime.CompilerServices;

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

    public static PatchGrid Of(LayerInput input)
    {
        var (layer, x) = (input.Layer, input.X);
        var (height, width, channels) = layer.Kind == LayerKind.TransposedConv
            ? (input.Size.Height, input.Size.Width, layer.Outputs)
            : (x.shape[2], x.shape[3], layer.Inputs);
        return new PatchGrid((int)height, (int)width, channels, layer.Kernel, layer.Stride, layer.Padding);
    }

    /// <summary>The patches of images, (N, H, W, C), as rows; zero outside of the images.</summary>
    public Tensor Gather(Tensor images)
    {
        var patches = empty([images.shape[0] * Rows * Columns, PatchLength], images.dtype);
        IKernel.Run(new GatherPatches(this, images, patches), images.dtype, images.shape[0]);
        return patches;
    }

    /// <summary>Adds up, for every pixel, what all patches around it have for it: the adjoint of <see cref="Gather"/>.</summary>
    public Tensor AddUp(Tensor patches)
    {
        var count = patches.shape[0] / (Rows * Columns);
        var images = empty([count, Height, Width, Channels], patches.dtype);
        using var sums = empty([ParallelRanges.Parts, PaddedHeight * PaddedWidth * Channels]);
        IKernel.Run(new AddUpPatches(this, patches, images, sums), patches.dtype, count);
        return images;
    }

    private sealed unsafe class GatherPatches(PatchGrid grid, Tensor images, Tensor patches) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T>(int part, int start, int end)
            where T : unmanaged
        {
            var (rows, columns, kernel, line, channels) = (grid.Rows, grid.Columns, grid.Kernel, grid.Line, grid.Channels);
            var pixels = KernelMemory.Pointer<T>(images);
            var patch = KernelMemory.Pointer<T>(patches) + ((long)start * rows * columns * grid.PatchLength);
            for (var row = start * rows; row < end * rows; row++)
            {
                var image = pixels + ((long)(row / rows) * grid.Height * grid.Width * channels);
                var top = (row % rows * grid.Stride) - grid.Padding;
                for (var column = 0; column < columns; column++)
                {
                    var left = (column * grid.Stride) - grid.Padding;
                    var (first, last) = (Math.Max(0, -left) * channels, Math.Min(kernel, grid.Width - left) * channels);
                    for (var y = top; y < top + kernel; y++, patch += line)
                    {
                        var from = image + (((y * grid.Width) + left) * channels);
                        if (y < 0 || y >= grid.Height)
                        {
                            new Span<T>(patch, line).Clear();
                        }
                        else if (line < Lanes16.Count)
                        {
                            for (var i = 0; i < line; i++)
                            {
                                patch[i] = i >= first && i < last ? from[i] : default;
                            }
                        }
                        else
                        {
                            new Span<T>(patch, first).Clear();
                            new ReadOnlySpan<T>(from + first, last - first).CopyTo(new Span<T>(patch + first, last - first));
                            new Span<T>(patch + last, line - last).Clear();
                        }
                    }
                }
            }
        }
    }

    // The sums of an image, with its padding, are float32 and stay in the cache.
    private sealed unsafe class AddUpPatches(PatchGrid grid, Tensor patches, Tensor images, Tensor sums) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T>(int part, int start, int end)
            where T : unmanaged
        {
            var (line, down, length) = (grid.Line, grid.PaddedWidth * grid.Channels, grid.Width * grid.Channels);
            var padded = KernelMemory.Pointer<float>(sums) + (part * sums.shape[1]);
            var patch = KernelMemory.Pointer<T>(patches) + ((long)start * grid.Rows * grid.Columns * grid.PatchLength);
            var image = KernelMemory.Pointer<T>(images) + ((long)start * grid.Height * length);
            for (var i = start; i < end; i++)
            {
                new Span<float>(padded, (int)sums.shape[1]).Clear();
                for (var row = 0; row < grid.Rows; row++)
                {
                    var corner = padded + (row * grid.Stride * down);
                    for (var column = 0; column < grid.Columns; column++, corner += grid.Stride * grid.Channels)
                    {
                        for (var y = 0; y < grid.Kernel; y++, patch += line)
                        {
                            Add(patch, corner + (y * down), line);
                        }
                    }
                }

                for (var row = 0; row < grid.Height; row++, image += length)
                {
                    Copy(padded + ((row + grid.Padding) * down) + (grid.Padding * grid.Channels), image, length);
                }
            }
        }

        // A line of bfloat16 has whole lanes.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add<T>(T* from, float* to, int count)
            where T : unmanaged
        {
            var i = 0;
            for (; i <= count - Lanes16.Count; i += Lanes16.Count)
            {
                (Lanes16.Load(to + i) + Lanes16.Load(from + i)).StoreAs(to + i);
            }

            for (; i < count; i++)
            {
                to[i] += ((float*)from)[i];
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Copy<T>(float* from, T* to, int count)
            where T : unmanaged
        {
            var i = 0;
            for (; i <= count - Lanes16.Count; i += Lanes16.Count)
            {
                Lanes16.Load(from + i).StoreAs(to + i);
            }

            for (; i < count; i++)
            {
                ((float*)to)[i] = from[i];
            }
        }
    }
}
