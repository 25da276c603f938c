using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
        IKernel.Run(new AddUpPatches(this, patches, images), patches.dtype, count);
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

    // A pixel with all its channels is in each patch around it, at another offset.
    private sealed unsafe class AddUpPatches(PatchGrid grid, Tensor patches, Tensor images) : IKernel
    {
        private readonly (int First, int Last)[] _across = [.. Enumerable.Range(0, grid.Width).Select(x => grid.Around(x, grid.Columns))];

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T>(int part, int start, int end)
            where T : unmanaged
        {
            var (channels, width, stride, down) = (grid.Channels, grid.Width, grid.Stride, grid.Columns * grid.PatchLength);

            // The same pixel is a stride's places earlier in the next patch.
            long acrossStep = grid.PatchLength - (stride * channels), downStep = down - (stride * grid.Line);
            var patch = KernelMemory.Pointer<T>(patches);
            var pixel = KernelMemory.Pointer<T>(images) + ((long)start * grid.Height * width * channels);
            for (var row = start * grid.Height; row < end * grid.Height; row++)
            {
                var (image, y) = Math.DivRem(row, grid.Height);
                var (top, bottom) = grid.Around(y, grid.Rows);
                var first = patch + ((long)image * grid.Rows * down) + (top * down)
                    + ((y + grid.Padding - (top * stride)) * grid.Line);
                for (var x = 0; x < width; x++, pixel += channels)
                {
                    var (left, right) = _across[x];
                    var corner = first + ((long)left * grid.PatchLength) + ((x + grid.Padding - (left * stride)) * channels);
                    var c = 0;
                    for (; c <= channels - Lanes16.Count; c += Lanes16.Count)
                    {
                        var sum = Vector512<float>.Zero;
                        var line = corner + c;
                        for (var r = top; r <= bottom; r++, line += downStep)
                        {
                            var from = line;
                            for (var q = left; q <= right; q++, from += acrossStep)
                            {
                                sum += Lanes16.Load(from);
                            }
                        }

                        sum.StoreAs(pixel + c);
                    }

                    // Of bfloat16 the channels are whole lanes (PatchConv.Suits).
                    for (; c < channels; c++)
                    {
                        var sum = 0f;
                        var line = corner + c;
                        for (var r = top; r <= bottom; r++, line += downStep)
                        {
                            var from = line;
                            for (var q = left; q <= right; q++, from += acrossStep)
                            {
                                sum += *(float*)from;
                            }
                        }

                        *(float*)(pixel + c) = sum;
                    }
                }
            }
        }
    }

    // The first and the last patch around a pixel along an axis.
    private (int First, int Last) Around(int pixel, int count) =>
        (Math.Max(0, (pixel + Padding - Kernel + Stride) / Stride), Math.Min(count - 1, (pixel + Padding) / Stride));
}
