using PhotoMl.Kernels;
using TorchSharp.Modules;

namespace PhotoMl.Models;

/// <summary>A layer with weights: their names and layouts are PyTorch's, the arithmetic that of the <see cref="LayerRoutes"/>.</summary>
internal sealed class Layer : nn.Module
{
    private readonly Parameter weight;
    private readonly Parameter? bias;

    /// <summary>Creates the layer with weights of zero, or on the device META with their shapes alone.</summary>
    public Layer(LayerSpec spec, Device? device, bool hasBias = true, bool inBFloat16 = false)
        : base(nameof(Layer))
    {
        (Spec, InBFloat16) = (spec, inBFloat16);
        weight = new Parameter(zeros(spec.WeightShape, device: device));
        bias = hasBias ? new Parameter(zeros(spec.Outputs, device: device)) : null;
        weight.DetachFromDisposeScope();
        bias?.DetachFromDisposeScope();
        RegisterComponents();
    }

    public LayerSpec Spec { get; }

    /// <summary>Whether it is also computed in bfloat16, not in float32 only.</summary>
    public bool InBFloat16 { get; }

    public Tensor Weight => weight;
    public Tensor? Bias => bias;

    public IEnumerable<LayerOperator> Operators => Spec.Operators(InBFloat16, bias is not null);

    /// <summary>Finds the layers of a network, in the order of its weights.</summary>
    public static IEnumerable<Layer> Of(nn.Module network) => network.modules().OfType<Layer>();

    public Tensor Apply(
        Tensor x, (long Height, long Width)? size = null, IReadOnlyList<LayerRoute>? routes = null, bool inBFloat16 = false) =>
        Spec.Apply(x, weight, bias, size, routes, inBFloat16);
}
