using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>The gradients that the backward pass of a layer has to compute.</summary>
/// <param name="Input">The gradient by the activations.</param>
/// <param name="Weight">The gradient by the weights.</param>
/// <param name="Bias">The gradient by the bias.</param>
internal readonly record struct NeedsGrad(bool Input, bool Weight, bool Bias)
{
    /// <summary>Whether autograd has to record the layer at all.</summary>
    public bool Any => Input || Weight || Bias;

    /// <summary>The gradients that are needed where autograd is on.</summary>
    public static NeedsGrad Of(Tensor input, Tensor weight, Tensor? bias = null) =>
        is_grad_enabled() ? new(input.requires_grad, weight.requires_grad, bias is { requires_grad: true }) : default;
}
