namespace PhotoMl.Kernels;

/// <summary>The kinds of layers that have weights.</summary>
internal enum LayerKind
{
    Linear,
    Conv,
    TransposedConv,
}

/// <summary>What a layer computes, whatever the number and size of its images; stride and padding hold in both directions.</summary>
internal readonly record struct LayerSpec(LayerKind Kind, int Inputs, int Outputs, int Kernel = 1, int Stride = 1, int Padding = 0)
{
    /// <summary>The shape of its weights, PyTorch's.</summary>
    public long[] WeightShape => Kind switch
    {
        LayerKind.Linear => [Outputs, Inputs],
        LayerKind.Conv => [Outputs, Inputs, Kernel, Kernel],
        _ => [Inputs, Outputs, Kernel, Kernel],
    };

    /// <summary>The fewer of its input and output channels.</summary>
    public int FewestChannels => Math.Min(Inputs, Outputs);

    /// <summary>Computes the layer by the fastest of its routes that is right on this processor.</summary>
    /// <param name="x">Activations, (N, inputs, H, W), or (N, inputs) of a linear layer; float32 or bfloat16, or float64.</param>
    /// <param name="weight">The weights, float32; autograd carries their gradient through the cast to the dtype of the activations.</param>
    /// <param name="bias">The bias, (outputs), float32; null for none.</param>
    /// <param name="size">The size of the output of a transposed convolution; null takes its stride times that of the input.</param>
    /// <param name="routes">The routes in question; null for all.</param>
    /// <param name="inBFloat16">Whether products are computed in bfloat16 although activations are float32.</param>
    /// <returns>Activations, (N, outputs, rows, columns) or (N, outputs), of the same dtype.</returns>
    /// <exception cref="UnsupportedProcessorException">No route is right on this processor.</exception>
    public Tensor Apply(
        Tensor x,
        Tensor weight,
        Tensor? bias = null,
        (long Height, long Width)? size = null,
        IReadOnlyList<LayerRoute>? routes = null,
        bool inBFloat16 = false)
    {
        var dtype = inBFloat16 ? ScalarType.BFloat16 : x.dtype;
        var input = new LayerInput(this, x, weight, bias, size ?? OutputSize(x)) { Dtype = dtype };
        var route = LayerRoute.Find(input, routes);
        return StepObserver.Run(
            () => $"{input.Layer}, {route.Name}", FlopsOf(input), x, observed => route.Run(input with { X = observed }));
    }

    /// <summary>The multiplications and additions of a direct computation, those with the padding among them.</summary>
    public static PassFlops FlopsOf(LayerInput input)
    {
        var (layer, x, weight) = (input.Layer, input.X, input.Weight);
        var pixels = layer.Kind switch
        {
            LayerKind.Linear => 1,
            LayerKind.Conv => input.Size.Height * input.Size.Width,
            _ => x.shape[2] * x.shape[3],
        };
        var forward = 2.0 * x.shape[0] * pixels * layer.Inputs * layer.Outputs * layer.Kernel * layer.Kernel;
        return new PassFlops(forward, forward * ((x.requires_grad ? 1 : 0) + (weight.requires_grad ? 1 : 0)));
    }

    /// <summary>The layer by every route that it may be computed by, in float32 and, if it is used so, in bfloat16.</summary>
    public IEnumerable<LayerOperator> Operators(bool inBFloat16, bool hasBias)
    {
        var layer = this;
        ScalarType[] dtypes = inBFloat16 ? [ScalarType.Float32, ScalarType.BFloat16] : [ScalarType.Float32];
        return dtypes.SelectMany(dtype => LayerRoutes.All
            .Where(route => route.Supports(layer, dtype))
            .Select(route => LayerOperator.Of(layer, route, dtype, hasBias)));
    }

    /// <summary>What the layer computes, in short: kernel, stride and channels.</summary>
    public override string ToString() => Kind == LayerKind.Linear
        ? $"linear {Inputs}->{Outputs}"
        : $"{(Kind == LayerKind.Conv ? "conv" : "transposed conv")} {Kernel}x{Kernel}{(Stride == 1 ? "" : $"/{Stride}")} "
            + $"{Inputs}->{Outputs}";

    /// <summary>The height and width of the output; of a transposed convolution a multiple of those of its input.</summary>
    public (long Height, long Width) OutputSize(Tensor x)
    {
        var (kind, kernel, stride, padding) = (Kind, Kernel, Stride, Padding);
        return kind == LayerKind.Linear ? (1, 1) : (Of(x.shape[2]), Of(x.shape[3]));

        long Of(long length) => kind == LayerKind.Conv ? ((length + (2 * padding) - kernel) / stride) + 1 : length * stride;
    }
}
