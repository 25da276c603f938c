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

    public Tensor Gather(Tensor images)
    {
        var padded = Padding == 0 ? images : nn.functional.pad(images, [0, 0, Padding, Padding, Padding, Padding]);
        var patches = empty([images.shape[0] * Rows * Columns, PatchLength], images.dtype);
        IKernel.Run(new Walk(this, padded, patches, adds: false), images.dtype, images.shape[0]);
        return patches;
    }

    /// <summary>Adds up, for every pixel, what all patches around it have for it: the adjoint of <see cref="Gather"/>.</summary>
    public Tensor AddUp(Tensor patches)
    {
        var images = patches.shape[0] / (Rows * Columns);
        var padded = zeros([images, PaddedHeight, PaddedWidth, Channels]);
        IKernel.Run(new Walk(this, padded, patches, adds: true), patches.dtype, images);
        return padded.narrow(1, Padding, Height).narrow(2, Padding, Width).to(patches.dtype).contiguous();
    }

    private sealed unsafe class Walk(PatchGrid grid, Tensor padded, Tensor patches, bool adds) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T>(int part, int start, int end)
            where T : unmanaged
        {
            var (rows, columns, line, down) = (grid.Rows, grid.Columns, grid.Line, grid.PaddedWidth * grid.Channels);
            void* pixels = adds ? KernelMemory.Pointer<float>(padded) : KernelMemory.Pointer<T>(padded);
            var patch = KernelMemory.Pointer<T>(patches) + ((long)start * rows * columns * grid.PatchLength);
            for (var row = start * rows; row < end * rows; row++)
            {
                // Where the row begins in the padded images.
                var offset = (((long)(row / rows) * grid.PaddedHeight) + (row % rows * grid.Stride)) * down;
                for (var column = 0; column < columns; column++, offset += grid.Stride * grid.Channels)
                {
                    for (var y = 0; y < grid.Kernel; y++, patch += line)
                    {
                        var at = offset + (y * down);
                        if (adds)
                        {
                            Add(patch, (float*)pixels + at, line);
                        }
                        else
                        {
                            new ReadOnlySpan<T>((T*)pixels + at, line).CopyTo(new Span<T>(patch, line));
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
                (Lanes16.Load(to + i) + Lanes16.Load(from + i)).Store(to + i);
            }

            // A line of bfloat16 has whole lanes.
            for (; i < count; i++)
            {
                to[i] += ((float*)from)[i];
            }
        }
    }
}
