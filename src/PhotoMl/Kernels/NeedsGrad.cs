using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>The gradients that the backward pass of a layer has to compute.</summary>
internal readonly record struct NeedsGrad(bool Input, bool Weight, bool Bias)
{
    public static NeedsGrad Of(Tensor input, Tensor weight, Tensor? bias = null) =>
        is_grad_enabled() ? new(input.requires_grad, weight.requires_grad, bias is { requires_grad: true }) : default;
}
