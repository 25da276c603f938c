namespace PhotoMl.Kernels;

/// <summary>The routes that layers are computed by, in the order in which they are preferred.</summary>
/// <remarks>
/// oneDNN in libtorch 2.10 computes some layers wrongly on some processors, so each route is compared with float64 before it is used
/// (<see cref="ArithmeticCheck"/>). Two kinds are not even tried there: 1x1 convolutions, and bfloat16 with one to four
/// channels on a side, of which one writes outside of its memory.
/// </remarks>
internal static class LayerRoutes
{
    private const int FewChannels = 4;

    // Own kernels and products do the same whatever the channels, once a block of them is full; so the check of a step takes few of them,
    // of Winograd's as many as make its weights many (WinogradLayer). The tests of the networks compare their layers as they are.
    private const int KernelChannels = 64;
    private const int ProductChannels = 256;

    // From here on oneDNN's gradient by the weights takes up to four times as long in bfloat16.
    private const int ManyChannels = 256;

    /// <summary>A convolution by libtorch's own operator, which is oneDNN's in float32 and bfloat16; the reference in float64.</summary>
    public static LayerRoute Torch { get; } = new("oneDNN")
    {
        Supports = (layer, dtype) => dtype == ScalarType.Float64
            || (layer.Kind != LayerKind.Linear && layer.Kernel > 1 && (dtype == ScalarType.Float32 || layer.FewestChannels > FewChannels)),
        Run = input => RunTorch(input, input.Dtype),
    };

    /// <summary>A layer as a matrix product of patches and weights in float32; it can be differentiated twice.</summary>
    public static LayerRoute Patches { get; } = new("f32 product")
    {
        MostCheckedChannels = ProductChannels,
        Supports = (layer, dtype) => layer.Kind != LayerKind.Linear || dtype != ScalarType.Float32,
        Run = RunPatches,
    };

    /// <summary>The routes whose gradients can be differentiated, by convolutions and products like those that were checked.</summary>
    public static IReadOnlyList<LayerRoute> TwiceDifferentiable { get; } = [Torch, Patches];

    public static IReadOnlyList<LayerRoute> All { get; } =
    [
        // ResNet's convolutions of stride 1 in bfloat16 with so many channels that planes in float32 are too large.
        new("Winograd 2x2")
        {
            MostCheckedChannels = ProductChannels,
            Supports = (layer, dtype) => dtype == ScalarType.BFloat16
                && WinogradLayer.Supports(layer)
                && layer is { Padding: 1, FewestChannels: >= ManyChannels },
            Suits = input => WinogradLayer.Suits(input, ScalarType.BFloat16),
            Run = input => WinogradConv.Apply(input, ScalarType.BFloat16),
        },

        // ResNet's others of stride 1, in bfloat16 only without AMX: with it oneDNN is as fast. And the digits' second and third.
        new("Winograd")
        {
            MostCheckedChannels = ProductChannels,
            Supports = (layer, dtype) => WinogradLayer.Supports(layer)
                && (dtype == ScalarType.Float32
                    || (dtype == ScalarType.BFloat16 && (layer.Padding == 0 || !ProcessorFeatures.HasAmxBFloat16))),
            Suits = input => WinogradLayer.Suits(input, ScalarType.Float32),
            Run = input => WinogradConv.Apply(input, ScalarType.Float32),
        },

        // The 5x5 convolutions between many channels of generator and discriminator, by a tenth to a third of the products.
        new("Fourier")
        {
            MostCheckedChannels = KernelChannels,
            Supports = (layer, dtype) => dtype != ScalarType.Float64
                && layer is { Kind: not LayerKind.Linear, Kernel: 5, Stride: 1 or 2, Padding: 2, FewestChannels: > FewChannels },
            Suits = input => FourierLayer.Of(input).Suits(input),
            Run = input => AddBias(FourierConv.Apply(input), input.Bias),
        },

        // In float32 the discriminator's first convolution and the generator's last, whose images have few channels, in bfloat16 ResNet's
        // of stride 2 with many channels.
        new("patches")
        {
            MostCheckedChannels = KernelChannels,
            Supports = (layer, dtype) => dtype switch
            {
                ScalarType.Float32 => HasFewChannels(layer),
                ScalarType.BFloat16 => HasManyChannels(layer),
                _ => false,
            },
            Suits = PatchConv.Suits,
            Run = PatchConv.Apply,
        },

        // ResNet's first convolution in bfloat16.
        new("phases")
        {
            Supports = (layer, dtype) => dtype == ScalarType.BFloat16
                && layer is { Kind: LayerKind.Conv, Kernel: 7, Stride: 2, Padding: 3, Inputs: > 1 and <= FewChannels }
                && layer.Outputs > FewChannels,
            Suits = input => KernelMemory.IsSupported(input.X, channels: 0),
            Run = RunPhases,
        },

        // Linear layers and 1x1 convolutions.
        new("product")
        {
            MostCheckedChannels = ProductChannels,
            Supports = (layer, dtype) => dtype != ScalarType.Float64
                && layer is { Kind: not LayerKind.TransposedConv, Kernel: 1, Padding: 0 },
            Run = input => RunProduct(input, input.Dtype),
        },
        Torch,

        // What bfloat16 cannot do.
        new("f32 oneDNN")
        {
            Supports = (layer, dtype) => dtype == ScalarType.BFloat16 && layer.Kind != LayerKind.Linear && layer.Kernel > 1,
            Run = input => RunTorch(input, ScalarType.Float32),
        },
        Patches,
    ];

    private static bool HasFewChannels(LayerSpec layer) => layer is { Kernel: 5, Stride: 2, Padding: 2 }
        and ({ Kind: LayerKind.Conv, Inputs: <= FewChannels } or { Kind: LayerKind.TransposedConv, Outputs: <= FewChannels });

    private static bool HasManyChannels(LayerSpec layer) =>
        layer is { Kind: LayerKind.Conv, Kernel: 3, Padding: 1, Outputs: >= ManyChannels, FewestChannels: > FewChannels };

    private static Tensor InDtype(Tensor weight, ScalarType dtype) =>
        weight.dtype == dtype ? weight : PreparedWeights.Get(weight, dtype, () => weight.to(dtype));

    private static Tensor RunTorch(LayerInput input, ScalarType dtype)
    {
        var layer = input.Layer;
        if (layer.Kind == LayerKind.Linear)
        {
            return RunProduct(input, dtype);
        }

        var (weight, bias) = (InDtype(input.Weight, dtype), input.Bias?.to(dtype));
        var x = KernelMemory.FromChannelsLast(KernelMemory.ToChannelsLast(input.X.to(dtype)));
        long[] stride = [layer.Stride, layer.Stride];
        long[] padding = [layer.Padding, layer.Padding];
        var output = layer.Kind == LayerKind.Conv
            ? nn.functional.conv2d(x, weight, bias, stride, padding)
            : nn.functional.conv_transpose2d(
                x, weight, bias, stride, padding, [Extra(input.Size.Height, x.shape[2]), Extra(input.Size.Width, x.shape[3])]);
        return output.to(input.X.dtype);

        long Extra(long size, long inputSize) => size - ((inputSize - 1) * layer.Stride) + (2 * layer.Padding) - layer.Kernel;
    }

    // The pixels of both phases along both axes, side by side as channels, make stride 2 stride 1 and a kernel of 8 one of 4; the eighth
    // weight is zero. Of twelve channels oneDNN's bfloat16 is right, and three times as fast as float32 of three.
    private static Tensor RunPhases(LayerInput input)
    {
        var (x, layer) = (input.X.to(ScalarType.BFloat16), input.Layer);
        var phases = PixelPhases.Of(x, padding: 4, input.Size.Height + 3, input.Size.Width + 3); // (N, 4 * C, rows + 3, columns + 3)
        var weight = nn.functional.pad(input.Weight, [1, 0, 1, 0]).view(layer.Outputs, layer.Inputs, 4, 2, 4, 2);
        weight = weight.permute(0, 1, 3, 5, 2, 4).flatten(1, 3).to(ScalarType.BFloat16); // (O, 4 * C, 4, 4)
        var bias = input.Bias?.to(ScalarType.BFloat16);
        return nn.functional.conv2d(phases, weight, bias).to(input.X.dtype);
    }

    private static Tensor RunProduct(LayerInput input, ScalarType dtype)
    {
        var (x, stride) = (input.X.to(dtype), input.Layer.Stride);
        var (weight, bias) = (InDtype(input.Weight, dtype).flatten(1), input.Bias?.to(dtype));
        if (input.Layer.Kind == LayerKind.Linear)
        {
            return nn.functional.linear(x, weight, bias).to(input.X.dtype);
        }

        // As one matrix: with more dimensions torch multiplies image by image where it computes no gradients.
        x = x.permute(0, 2, 3, 1).slice(1, 0, x.shape[2], stride).slice(2, 0, x.shape[3], stride); // (N, rows, columns, C)
        var output = nn.functional.linear(x.reshape(-1, x.shape[3]), weight, bias).view(x.shape[0], x.shape[1], x.shape[2], -1);
        return KernelMemory.FromChannelsLast(output.to(input.X.dtype)); // (N, O, rows, columns)
    }

    private static Tensor RunPatches(LayerInput input)
    {
        var (layer, x) = (input.Layer, input.X.to(ScalarType.Float32));
        if (layer.Kind == LayerKind.Linear)
        {
            return RunProduct(input, ScalarType.Float32);
        }

        (long, long) kernel = (layer.Kernel, layer.Kernel);
        (long, long) stride = (layer.Stride, layer.Stride);
        (long, long) padding = (layer.Padding, layer.Padding);
        var weight = input.Weight.flatten(1);
        var output = layer.Kind == LayerKind.Conv
            ? weight.matmul(nn.functional.unfold(x, kernel, padding: padding, stride: stride)) // (N, O, rows * columns)
                .unflatten(2, [input.Size.Height, input.Size.Width])
            : nn.functional.fold(
                weight.t().matmul(x.flatten(2)), input.Size, kernel, padding: padding, stride: stride); // of (N, O * K * K, h * w)
        return AddBias(output, input.Bias).to(input.X.dtype);
    }

    private static Tensor AddBias(Tensor output, Tensor? bias) =>
        bias is null ? output : output.add(bias.to(output.dtype).view(1, -1, 1, 1), KeptScalars.One);
}
