using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>The transforms that make a 5 x 5 convolution of padding 2, transposed or not, a product of channels.</summary>
/// <remarks>
/// <para>
/// A convolution of stride s maps big images to small ones and its transpose, with the same weights, small ones to big ones. Along one
/// axis the latter is big[s i + p] = sum of weight[s j + p] * small[m] over all j and m with m + j = i + 2 / s. For every phase p, of which the
/// plane has s * s, that is a convolution of plain sequences, and their discrete Fourier transforms make it one product of every frequency once the
/// period is so long that no two sums m + j meet that should not. The phases share the transform of the small images; those of the big
/// images, and of the weights, lie side by side as if they were channels. So, with V, U and M the planes of small images, weights and big
/// images, M = V U, and the adjoints of the same transforms give the gradients: M U' that of V, and V' M that of U.
/// </para>
/// <para>
/// From 7 x 7 pixels to 7 x 7 that takes 121 products of channels (9 x 9 numbers of a real spectrum, half as many again for
/// their being complex) where the sum has 49 * 25, a tenth, and Winograd's minimal filtering with tiles of 4 x 4 has 256
/// (A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", 2016, also on the comparison with Fourier transforms). The
/// rounding errors are those of a plain sum; minimal filtering's grow with the tile.
/// </para>
/// </remarks>
internal sealed class FourierLayer
{
    private const int Kernel = 5;
    private const int Padding = 2;

    // A quarter of a gigabyte each for the planes of small images, weights and big images.
    private const long MostElements = 1 << 26;

    private readonly int _stride;
    private readonly (int Height, int Width) _small;
    private readonly (int Height, int Width) _big;
    private readonly (int Height, int Width) _period;
    private readonly (int Small, int Big) _channels;

    private FourierLayer(Tensor weight, int stride, (long Height, long Width) small, (long Height, long Width) big)
    {
        _stride = stride;
        _small = ((int)small.Height, (int)small.Width);
        _big = ((int)big.Height, (int)big.Width);
        _period = (Period(_small.Height, _big.Height), Period(_small.Width, _big.Width));
        _channels = ((int)weight.shape[0], (int)weight.shape[1]);
    }

    public static FourierLayer Of(LayerInput input)
    {
        var size = (input.X.shape[2], input.X.shape[3]);
        var (small, big) = input.Layer.Kind == LayerKind.TransposedConv ? (size, input.Size) : (input.Size, size);
        return new FourierLayer(input.Weight, input.Layer.Stride, small, big);
    }

    /// <summary>Whether the transforms take a layer, and torch's own operator does no better.</summary>
    public bool Suits(LayerInput input)
    {
        // Measured against oneDNN: fewer images do not pay for the transform of the weights, nor larger ones for what the planes are beyond the
        // caches. With stride 2 the plain sum is a quarter as long, and there is less to save.
        var (fewestImages, longestPeriod) = _stride == 1 ? (24, 18) : (64, 13);
        return input.X.shape[0] >= fewestImages
            && input.Weight.device_type == TorchSharp.DeviceType.CPU
            && KernelMemory.IsSupported(input.X, _channels.Small)
            && KernelMemory.IsSupported(input.X, _channels.Big)
            && Math.Max(_period.Height, _period.Width) <= longestPeriod
            && Elements(input.X.shape[0]) <= MostElements;
    }

    /// <summary>The planes of small images, (planes, N, small channels).</summary>
    public Tensor SmallToPlanes(Tensor images)
    {
        using var pixels = KernelMemory.ToChannelsLast(images);
        var planes = EmptyPlanes(images.shape[0], _channels.Small);
        Run(FourierKernel.ToPlanes, SmallViews(pixels, planes), images.shape[0]);
        return planes;
    }

    /// <summary>The small images of planes, (N, small channels, H, W): the adjoint of <see cref="SmallToPlanes"/>.</summary>
    public Tensor SmallFromPlanes(Tensor planes)
    {
        using var pixels = empty([planes.shape[1], _small.Height, _small.Width, _channels.Small]);
        Run(FourierKernel.ToPixels, SmallViews(pixels, planes), planes.shape[1]);
        return KernelMemory.FromChannelsLast(pixels);
    }

    /// <summary>The planes of big images, (planes, N, phases * big channels).</summary>
    public Tensor BigToPlanes(Tensor images)
    {
        using var pixels = KernelMemory.ToChannelsLast(images);
        var planes = EmptyPlanes(images.shape[0], _stride * _stride * _channels.Big);
        Run(FourierKernel.ToPlanes, BigViews(pixels, planes), images.shape[0]);
        return planes;
    }

    /// <summary>The big images of planes, (N, big channels, H, W): the adjoint of <see cref="BigToPlanes"/>.</summary>
    public Tensor BigFromPlanes(Tensor planes)
    {
        using var pixels = empty([planes.shape[1], _big.Height, _big.Width, _channels.Big]);
        Run(FourierKernel.ToPixels, BigViews(pixels, planes), planes.shape[1]);
        return KernelMemory.FromChannelsLast(pixels);
    }

    /// <summary>The planes of weights, (planes, small channels, phases * big channels).</summary>
    public Tensor WeightToPlanes(Tensor weight)
    {
        using var permuted = weight.detach().permute(2, 3, 0, 1);
        using var taps = permuted.contiguous(); // (5, 5, small channels, big channels)
        var planes = EmptyPlanes(_channels.Small, _stride * _stride * _channels.Big);
        Run(FourierKernel.ToPlanes, WeightViews(taps, planes), _channels.Small);
        return planes;
    }

    /// <summary>The weights of planes: the adjoint of <see cref="WeightToPlanes"/>.</summary>
    public Tensor WeightFromPlanes(Tensor planes)
    {
        using var taps = empty([Kernel, Kernel, _channels.Small, _channels.Big]);
        Run(FourierKernel.ToPixels, WeightViews(taps, planes), _channels.Small);
        using var permuted = taps.permute(2, 3, 0, 1);
        return permuted.contiguous();
    }

    private FourierView[] SmallViews(Tensor pixels, Tensor planes)
    {
        var (vertical, horizontal) = (FourierAxis.Of(_period.Height, 0, _small.Height), FourierAxis.Of(_period.Width, 0, _small.Width));
        var (from, to) = (PixelGrid.Of(pixels, 0, 0, 1), PlaneGrid.Of(planes, 0));
        return [new FourierView(from, to, _channels.Small, vertical, horizontal, IsResult: false)];
    }

    private FourierView[] BigViews(Tensor pixels, Tensor planes) =>
        [.. Phases(planes, _big, Padding / _stride, isResult: true, (y, x) => PixelGrid.Of(pixels, y, x, _stride))];

    private FourierView[] WeightViews(Tensor taps, Tensor planes) =>
        [.. Phases(planes, (Kernel, Kernel), 0, isResult: false, (y, x) => PixelGrid.OfImagesInside(taps, y, x, _stride))];

    private IEnumerable<FourierView> Phases(
        Tensor planes, (int Height, int Width) size, int first, bool isResult, Func<int, int, PixelGrid> grid)
    {
        for (var y = 0; y < _stride; y++)
        {
            for (var x = 0; x < _stride; x++)
            {
                var vertical = FourierAxis.Of(_period.Height, first, PhaseLength(size.Height, y));
                var horizontal = FourierAxis.Of(_period.Width, first, PhaseLength(size.Width, x));
                var channel = ((y * _stride) + x) * _channels.Big;
                yield return new FourierView(grid(y, x), PlaneGrid.Of(planes, channel), _channels.Big, vertical, horizontal, isResult);
            }
        }
    }

    private int PhaseLength(int length, int phase) => (length - phase + _stride - 1) / _stride;

    private Tensor EmptyPlanes(long images, long channels) =>
        PlaneGrid.Empty(FourierPlanes.Count(_period.Height, _period.Width), images, channels);

    // The most elements that planes have: of small images, big images or weights.
    private long Elements(long images)
    {
        var (small, big) = ((long)_channels.Small, (long)_stride * _stride * _channels.Big);
        return FourierPlanes.Count(_period.Height, _period.Width) * Math.Max(images * Math.Max(small, big), small * big);
    }

    // Long enough that m + j and i + padding / stride differ by less than a period, whatever phase i is of.
    private int Period(int small, int big)
    {
        var (taps, pixels, shift) = (PhaseLength(Kernel, 0), PhaseLength(big, 0), Padding / _stride);
        return Math.Max(pixels + shift, small + taps - 1 - shift);
    }

    private static void Run(Action<FourierView, int, int> kernel, FourierView[] views, long images) =>
        ParallelRanges.For((int)images, ParallelRanges.Parts, (_, start, end) =>
        {
            foreach (var view in views)
            {
                kernel(view, start, end);
            }
        });
}
