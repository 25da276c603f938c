using System.Collections.Concurrent;
using Size = (int Height, int Width);

namespace PhotoMl.Kernels;

/// <summary>The transforms that make a 5 x 5 convolution of padding 2, transposed or not, a product of channels.</summary>
/// <remarks>
/// <para>
/// A convolution of stride s maps big images to small ones and its transpose, with the same weights, small ones to big ones. Along one
/// axis the latter is big[s i + p] = sum of weight[s j + p] * small[m] over all j and m with m + j = i + 2 / s. For every phase p, of
/// which the plane has s * s, that is a convolution of plain sequences, and their discrete Fourier transforms make it one product of every
/// frequency once the period is so long that no two sums m + j meet that should not. The phases share the transform of the small images;
/// those of the big images, and of the weights, lie side by side as if they were channels. So, with V, U and M the planes of small images,
/// weights and big images, M = V U, and the adjoints of the same transforms give the gradients: M U' that of V, and V' M that of U.
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

    private static readonly ConcurrentDictionary<(LayerSpec Layer, Size Small, Size Big), FourierLayer> Known = [];

    private readonly int _stride;
    private readonly (int Small, int Big) _channels;
    private readonly Size _period;
    private readonly Lazy<FourierTransform> _small;
    private readonly Lazy<FourierTransform> _big;
    private readonly Lazy<FourierTransform> _weight;

    private FourierLayer(LayerSpec layer, Size small, Size big)
    {
        _stride = layer.Stride;
        _channels = layer.Kind == LayerKind.TransposedConv ? (layer.Inputs, layer.Outputs) : (layer.Outputs, layer.Inputs);
        _period = (Period(small.Height, big.Height), Period(small.Width, big.Width));
        _small = new(() => new(small, _channels.Small, stride: 1, first: 0, _period, isResult: false));
        _big = new(() => new(big, _channels.Big, _stride, first: Padding / _stride, _period, isResult: true));
        _weight = new(() => new((Kernel, Kernel), _channels.Big, _stride, first: 0, _period, isResult: false));
    }

    /// <summary>The transform of weights, (small channels, big channels, 5, 5).</summary>
    public FourierTransform Weight => _weight.Value;

    public static FourierLayer Of(LayerInput input)
    {
        Size ofInput = ((int)input.X.shape[2], (int)input.X.shape[3]);
        Size ofOutput = ((int)input.Size.Height, (int)input.Size.Width);
        var (small, big) = input.Layer.Kind == LayerKind.TransposedConv ? (ofInput, ofOutput) : (ofOutput, ofInput);
        return Known.GetOrAdd((input.Layer, small, big), key => new FourierLayer(key.Layer, key.Small, key.Big));
    }

    public FourierTransform Images(bool isBig) => (isBig ? _big : _small).Value;

    /// <summary>Whether the transforms take a layer, and torch's own operator does no better.</summary>
    public bool Suits(LayerInput input)
    {
        // Measured against oneDNN: fewer images do not pay for the transform of the weights, nor larger ones for what the planes are beyond
        // the caches. With stride 2 the plain sum is a quarter as long, and there is less to save.
        var (fewestImages, longestPeriod) = _stride == 1 ? (24, 18) : (64, 13);
        var (images, small, big) = (input.X.shape[0], (long)_channels.Small, (long)_stride * _stride * _channels.Big);
        return images >= fewestImages
            && input.Weight.device_type == TorchSharp.DeviceType.CPU
            && KernelMemory.IsSupported(input.X, _channels.Small)
            && KernelMemory.IsSupported(input.X, _channels.Big)
            && Math.Max(_period.Height, _period.Width) <= longestPeriod
            && FourierTransform.CountPlanes(_period) * Math.Max(images * Math.Max(small, big), small * big) <= MostElements;
    }

    // Long enough that m + j and i + padding / stride differ by less than a period, whatever phase i is of.
    private int Period(int small, int big)
    {
        var (taps, pixels, shift) = ((Kernel + _stride - 1) / _stride, (big + _stride - 1) / _stride, Padding / _stride);
        return Math.Max(pixels + shift, small + taps - 1 - shift);
    }
}
