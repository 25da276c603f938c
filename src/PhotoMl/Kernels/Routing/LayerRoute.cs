namespace PhotoMl.Kernels;

/// <summary>A way to compute layers of some kinds; <see cref="LayerRoutes"/> lists all.</summary>
internal sealed class LayerRoute(string name)
{
    /// <summary>Its name, for messages.</summary>
    public string Name => name;

    /// <summary>Whether it computes a layer in a dtype at all.</summary>
    public required Func<LayerSpec, ScalarType, bool> Supports { get; init; }

    /// <summary>Whether it takes these activations and weights, and is fast with them; by default it takes all.</summary>
    public Func<LayerInput, bool> Suits { get; init; } = _ => true;

    /// <summary>The most channels that it is checked with: fewer than a layer has where the number makes no difference.</summary>
    public int MostCheckedChannels { get; init; } = int.MaxValue;

    public required Func<LayerInput, Tensor> Run { get; init; }

    /// <summary>Finds the first of some routes, or of all, that supports a layer, suits it and is right on this processor.</summary>
    /// <exception cref="UnsupportedProcessorException">There is none.</exception>
    public static LayerRoute Find(LayerInput input, IReadOnlyList<LayerRoute>? routes = null)
    {
        var dtype = input.Dtype;
        var withGradients = is_grad_enabled();
        var isChecked = input.X.device_type == TorchSharp.DeviceType.CPU && dtype is ScalarType.Float32 or ScalarType.BFloat16;
        return (routes ?? LayerRoutes.All)
            .FirstOrDefault(route => route.Supports(input.Layer, dtype) && route.Suits(input) && IsRight(route))
            ?? throw new UnsupportedProcessorException($"{input.Layer}");

        bool IsRight(LayerRoute route) => !isChecked
            || ArithmeticCheck.IsRight(LayerOperator.Of(input.Layer, route, dtype, hasBias: input.Bias is not null), withGradients);
    }
}

/// <summary>What a route computes: activations (N, inputs, H, W), or (N, inputs) of a linear layer, to images of some size.</summary>
internal sealed record LayerInput(LayerSpec Layer, Tensor X, Tensor Weight, Tensor? Bias, (long Height, long Width) Size)
{
    /// <summary>The dtype of its products: that of the activations, or bfloat16 where they are float32.</summary>
    public ScalarType Dtype { get; init; } = X.dtype;
}
