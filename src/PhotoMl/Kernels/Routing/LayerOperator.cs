namespace PhotoMl.Kernels;

/// <summary>A layer computed by a route in a dtype, to be checked; weights are float32. Two that are equal are checked once.</summary>
internal sealed record LayerOperator(LayerSpec Layer, LayerRoute Route, ScalarType Dtype, bool HasBias)
{
    private const int Batch = 2;

    /// <summary>The operator to check before a layer is computed by a route.</summary>
    public static LayerOperator Of(LayerSpec layer, LayerRoute route, ScalarType dtype, bool hasBias)
    {
        var most = route.MostCheckedChannels;
        layer = layer with { Inputs = Math.Min(layer.Inputs, most), Outputs = Math.Min(layer.Outputs, most) };
        return new LayerOperator(layer, route, dtype, hasBias);
    }

    /// <summary>The shape of the input that it is checked with.</summary>
    /// <remarks>Small, but not in channels: some faults show with many only. Winograd's has four tiles, of which three are cut
    /// off.</remarks>
    public long[] InputShape => Layer.Kind switch
    {
        LayerKind.Linear => [Batch, Layer.Inputs],
        LayerKind.Conv when Layer is { Kernel: 3, Stride: 1, FewestChannels: <= 256 } =>
            [Batch, Layer.Inputs, 11 - (2 * Layer.Padding), 11 - (2 * Layer.Padding)],
        LayerKind.Conv when Layer.Kernel <= 3 => [Batch, Layer.Inputs, 4 * Layer.Stride, 4 * Layer.Stride],
        LayerKind.Conv => [Batch, Layer.Inputs, 8, 8],
        _ => [Batch, Layer.Inputs, 4, 4],
    };

    /// <summary>The dimension of the weights that is the output's channels.</summary>
    public int OutputDimension => Layer.Kind == LayerKind.TransposedConv ? 1 : 0;

    /// <summary>Computes the layer by its route or another, with the weights of some or all of the output's channels.</summary>
    public Tensor Compute(LayerRoute by, Tensor input, Tensor weight)
    {
        // The bias of a channel is its first weight, so that its gradient is compared with that weight's.
        var bias = HasBias ? weight.transpose(0, OutputDimension).flatten(1).select(1, 0).contiguous() : null;
        return by.Run(new LayerInput(Layer, input, weight, bias, Layer.OutputSize(input)));
    }

    /// <summary>What a check of it has found; null for gradients that were not needed.</summary>
    public OperatorCheck CheckOf(double forwardError, double? weightGradientError, double? inputGradientError) => new()
    {
        Operator = $"{Layer}",
        Route = Route.Name,
        Precision = Dtype == ScalarType.BFloat16 ? Precision.BFloat16 : Precision.Float32,
        ForwardError = forwardError,
        WeightGradientError = weightGradientError,
        InputGradientError = inputGradientError,
    };
}
