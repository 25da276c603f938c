using System.Runtime.CompilerServices;

namespace PhotoMl.Kernels;

/// <summary>The four phases of images, their pixels of even and odd rows and columns, side by side as channels (space to depth).</summary>
internal sealed class PixelPhases : KernelFunction<PixelPhases, PixelPhases.Settings>
{
    /// <summary>Pads images (N, C, H, W) by zeros and splits them, as <c>pad</c> and <c>pixel_unshuffle</c> do.</summary>
    /// <returns>(N, 4 * C, rows, columns), channels-last.</returns>
    public static Tensor Of(Tensor images, int padding, long rows, long columns) =>
        Call(new Settings((int)images.shape[1], (int)images.shape[2], (int)images.shape[3], padding, (int)rows, (int)columns), images);

    protected override (Tensor Result, Tensor[] Saved) Forward(Settings settings, Tensor?[] inputs, bool[] needsGrad)
    {
        var images = inputs[0]!.contiguous();
        var phases = zeros([images.shape[0], settings.Rows, settings.Columns, 4 * settings.Channels], images.dtype);
        IKernel.Run(new Copy(settings, images, phases, isGradient: false), images.dtype, images.shape[0]);
        return (KernelMemory.FromChannelsLast(phases), []);
    }

    protected override Tensor?[] Gradients(Settings settings, List<Tensor> saved, Tensor gradient, bool[] needsGrad)
    {
        var phases = KernelMemory.ToChannelsLast(gradient);
        var images = zeros([phases.shape[0], settings.Channels, settings.Height, settings.Width], phases.dtype);
        IKernel.Run(new Copy(settings, images, phases, isGradient: true), phases.dtype, phases.shape[0]);
        return [images];
    }

    internal sealed record Settings(int Channels, int Height, int Width, int Padding, int Rows, int Columns);

    private sealed unsafe class Copy(Settings settings, Tensor images, Tensor phases, bool isGradient) : IKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<T>(int part, int start, int end)
            where T : unmanaged
        {
            var (channels, height, width, padding, rows, columns) = settings;
            var pixels = KernelMemory.Pointer<T>(images);
            var split = KernelMemory.Pointer<T>(phases);
            for (var line = start * channels * height; line < end * channels * height; line++)
            {
                var (plane, y) = Math.DivRem(line, height);
                var (image, channel) = Math.DivRem(plane, channels);
                var (row, ofRow) = Math.DivRem(y + padding, 2);
                for (var ofColumn = 0; row < rows && ofColumn < 2; ofColumn++)
                {
                    var first = Math.Max(0, (padding - ofColumn + 1) / 2);
                    var last = Math.Min(columns, (width + padding - ofColumn + 1) / 2);
                    var from = pixels + ((long)line * width) + (2 * first) + ofColumn - padding;
                    var pixel = ((((long)image * rows) + row) * columns) + first;
                    var to = split + (pixel * 4 * channels) + (4 * channel) + (2 * ofRow) + ofColumn;
                    for (var column = first; column < last; column++, from += 2, to += 4 * channels)
                    {
                        if (isGradient)
                        {
                            *from = *to;
                        }
                        else
                        {
                            *to = *from;
                        }
                    }
                }
            }
        }
    }
}
