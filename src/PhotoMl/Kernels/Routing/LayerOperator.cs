namespace PhotoMl.Kernels;

/// <summary>A layer computed by a route in a dtype, to be checked.</summary>
internal sealed record LayerOperator(LayerSpec Layer, LayerRoute By, ScalarType InputDtype, bool HasBias) : CheckedOperator
{
    private const int Batch = 2;

    /// <summary>The operator to check before a layer is computed by a route.</summary>
    public static LayerOperator Of(LayerSpec layer, LayerRoute route, ScalarType dtype, bool hasBias)
    {
        var most = route.MostCheckedChannels;
        layer = layer with { Inputs = Math.Min(layer.Inputs, most), Outputs = Math.Min(layer.Outputs, most) };
        return new LayerOperator(layer, route, dtype, hasBias);
    }

    public override string Name => $"{Layer}";

    public override string Route => By.Name;

    public override ScalarType Dtype => InputDtype;

    // Small, but not in channels: some faults show with many only.
    public override long[] InputShape => Layer.Kind switch
    {
        LayerKind.Linear => [Batch, Layer.Inputs],
        LayerKind.Conv when Layer.Kernel <= 3 => [Batch, Layer.Inputs, 4 * Layer.Stride, 4 * Layer.Stride],
        LayerKind.Conv => [Batch, Layer.Inputs, 8, 8],
        _ => [Batch, Layer.Inputs, 4, 4],
    };

    public override long[] WeightShape => Layer.WeightShape;

    public override int OutputDimension => Layer.Kind == LayerKind.TransposedConv ? 1 : 0;

    public override Tensor Compute(Tensor input, Tensor weight) => By.Run(InputOf(input, weight));

    public override Tensor Reference(Tensor input, Tensor weight) => LayerRoutes.Torch.Run(InputOf(input, weight));

    // The bias of a channel is its first weight, so that its gradient is compared with that weight's.
    private LayerInput InputOf(Tensor input, Tensor weight)
    {
        var bias = HasBias ? weight.transpose(0, OutputDimension).flatten(1).select(1, 0).contiguous() : null;
        return new(Layer, input, weight, bias, Layer.OutputSize(input));
    }
}
