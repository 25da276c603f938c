using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models.Kernels;

/// <summary>A 5 x 5 transposed convolution with padding 2, and its gradients, as products of spectra.</summary>
/// <remarks>
/// <para>
/// With stride s, a pixel 2-dimensional in general but written along one axis here, big[s i + p] = sum over j, m of weight[s j + p] small[m]
/// where i + 2 / s = m + j. For every phase p of the s * s that is a convolution, which the spectrum makes a product of each frequency (the
/// convolution theorem) once its period is long enough that no two sums m + j meet. The phases share the spectrum of the small
/// images; those of the big ones lie side by side as if they were channels, and so do those of the weights.
/// </para>
/// <para>
/// For 7 x 7 pixels that takes 9 x 9 real numbers a spectrum, 121 products of channels where the plain sum has 49 * 25: a tenth.
/// Winograd's minimal filtering (A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", 2016) with tiles of
/// 4 x 4 has 256. The transforms' rounding errors are of the size of the plain sum's.
/// </para>
/// </remarks>
internal sealed unsafe class FourierProduct
{
    private const int Kernel = 5;
    private const int Padding = 2;

    // Fewer images do not pay for the transform of the weights.
    private const int FewestImages = 24;

    private readonly int _stride;
    private readonly (int Height, int Width) _small;
    private readonly (int Height, int Width) _big;
    private readonly (int Height, int Width) _period;
    private readonly (int Small, int Big) _channels;

    private FourierProduct(int stride, Tensor weight, (int Height, int Width) small, (int Height, int Width) big)
    {
        (_stride, _small, _big) = (stride, small, big);
        _channels = ((int)weight.shape[0], (int)weight.shape[1]);
        _period = (Period(small.Height, big.Height, stride), Period(small.Width, big.Width, stride));
    }

    private long Planes => FourierPlanes.Count(_period.Height, _period.Width);

    private int Phases => _stride * _stride;

    /// <summary>Makes the product of images and weights of these sizes, or null where torch's own operator does better.</summary>
    /// <param name="activations">Small or big images, (N, C, H, W).</param>
    /// <param name="weight">Weights, (small channels, big channels, 5, 5).</param>
    /// <param name="stride">The stride, 1 or 2.</param>
    /// <param name="small">The size of the small images.</param>
    /// <param name="big">The size of the big images.</param>
    public static FourierProduct? Find(Tensor activations, Tensor weight, int stride, (long Height, long Width) small, (long Height, long Width) big)
    {
        var fits = activations.dtype == ScalarType.Float32
            && weight.dtype == ScalarType.Float32
            && weight.device_type == TorchSharp.DeviceType.CPU
            && activations.shape[0] >= FewestImages
            && weight.shape[2] == Kernel
            && weight.shape[3] == Kernel
            && Math.Max(Math.Max(small.Height, small.Width), Math.Max(big.Height, big.Width) / stride) + Padding <= FourierKernel.LongestSpectrum
            && KernelMemory.IsSupported(activations, weight.shape[0])
            && KernelMemory.IsSupported(activations, weight.shape[1]);
        return fits ? new FourierProduct(stride, weight, ((int)small.Height, (int)small.Width), ((int)big.Height, (int)big.Width)) : null;
    }

    /// <summary>The planes of small images, (planes, N, small channels).</summary>
    public Tensor ExpandSmall(Tensor images)
    {
        using var pixels = KernelMemory.ToChannelsLast(images);
        var planes = empty([Planes, images.shape[0], _channels.Small]);
        Run((int)images.shape[0], Pixels(pixels, 0, 0, 1), Grid(planes, 0), _channels.Small, SmallAxes, isResult: false, expand: true);
        return planes;
    }

    /// <summary>The small images of planes, (N, small channels, H, W): the adjoint of <see cref="ExpandSmall"/>.</summary>
    public Tensor CollapseSmall(Tensor planes)
    {
        using var pixels = empty([planes.shape[1], _small.Height, _small.Width, _channels.Small]);
        Run((int)planes.shape[1], Pixels(pixels, 0, 0, 1), Grid(planes, 0), _channels.Small, SmallAxes, isResult: false, expand: false);
        return KernelMemory.FromChannelsLast(pixels);
    }

    /// <summary>The planes of big images, (planes, N, phases * big channels).</summary>
    public Tensor ExpandBig(Tensor images)
    {
        using var pixels = KernelMemory.ToChannelsLast(images);
        var planes = empty([Planes, images.shape[0], Phases * _channels.Big]);
        RunBig(pixels, planes, expand: true);
        return planes;
    }

    /// <summary>The big images of planes, (N, big channels, H, W): the adjoint of <see cref="ExpandBig"/>.</summary>
    public Tensor CollapseBig(Tensor planes)
    {
        using var pixels = empty([planes.shape[1], _big.Height, _big.Width, _channels.Big]);
        RunBig(pixels, planes, expand: false);
        return KernelMemory.FromChannelsLast(pixels);
    }

    /// <summary>The planes of weights, (planes, small channels, phases * big channels).</summary>
    public Tensor ExpandWeight(Tensor weight)
    {
        using var permuted = weight.detach().permute(2, 3, 0, 1);
        using var taps = permuted.contiguous(); // (5, 5, small channels, big channels)
        var planes = empty([Planes, _channels.Small, Phases * _channels.Big]);
        RunWeight(taps, planes, expand: true);
        return planes;
    }

    /// <summary>The weights of planes: the adjoint of <see cref="ExpandWeight"/>.</summary>
    public Tensor CollapseWeight(Tensor planes)
    {
        using var taps = empty([Kernel, Kernel, _channels.Small, _channels.Big]);
        RunWeight(taps, planes, expand: false);
        using var permuted = taps.permute(2, 3, 0, 1);
        return permuted.contiguous();
    }

    // The sum m + j must stay within a period of i + padding / stride, whichever phase i is of.
    private static int Period(int small, int big, int stride)
    {
        var (taps, shift) = ((Kernel + stride - 1) / stride, Padding / stride);
        var rows = (big + stride - 1) / stride;
        return Math.Max(rows + shift, small + taps - 1 - shift);
    }

    private (FourierAxis Vertical, FourierAxis Horizontal) SmallAxes =>
        (FourierAxis.Of(_period.Height, 0, _small.Height), FourierAxis.Of(_period.Width, 0, _small.Width));

    private void RunBig(Tensor pixels, Tensor planes, bool expand)
    {
        for (var phase = 0; phase < Phases; phase++)
        {
            var (y, x) = (phase / _stride, phase % _stride);
            var axes = (
                FourierAxis.Of(_period.Height, Padding / _stride, PhaseLength(_big.Height, y)),
                FourierAxis.Of(_period.Width, Padding / _stride, PhaseLength(_big.Width, x)));
            Run((int)pixels.shape[0], Pixels(pixels, y, x, _stride), Grid(planes, phase * _channels.Big), _channels.Big, axes, isResult: true, expand);
        }
    }

    private void RunWeight(Tensor taps, Tensor planes, bool expand)
    {
        // Every small channel passes for an image.
        var address = KernelMemory.Pointer<float>(taps);
        var tap = (long)_channels.Small * _channels.Big;
        for (var phase = 0; phase < Phases; phase++)
        {
            var (y, x) = (phase / _stride, phase % _stride);
            var grid = new PixelGrid((nint)(address + (((y * Kernel) + x) * tap)), _channels.Big, _stride * Kernel * tap, _stride * tap);
            var axes = (FourierAxis.Of(_period.Height, 0, PhaseLength(Kernel, y)), FourierAxis.Of(_period.Width, 0, PhaseLength(Kernel, x)));
            Run(_channels.Small, grid, Grid(planes, phase * _channels.Big), _channels.Big, axes, isResult: false, expand);
        }
    }

    private int PhaseLength(int length, int phase) => (length - phase + _stride - 1) / _stride;

    private static PixelGrid Pixels(Tensor pixels, int y, int x, int stride)
    {
        var (height, width, channels) = (pixels.shape[1], pixels.shape[2], pixels.shape[3]);
        var first = KernelMemory.Pointer<float>(pixels) + (((y * width) + x) * channels);
        return new PixelGrid((nint)first, height * width * channels, stride * width * channels, stride * channels);
    }

    private static PlaneGrid Grid(Tensor planes, int channel) =>
        new((nint)(KernelMemory.Pointer<float>(planes) + channel), planes.shape[1] * planes.shape[2], planes.shape[2]);

    private static void Run(
        int images, PixelGrid pixels, PlaneGrid planes, int channels, (FourierAxis Vertical, FourierAxis Horizontal) axes, bool isResult, bool expand) =>
        ParallelRanges.For(images, ParallelRanges.Parts, (_, start, end) =>
        {
            if (expand)
            {
                FourierKernel.Expand(pixels, planes, channels, axes.Vertical, axes.Horizontal, isResult, start, end);
            }
            else
            {
                FourierKernel.Collapse(planes, pixels, channels, axes.Vertical, axes.Horizontal, isResult, start, end);
            }
        });
}
