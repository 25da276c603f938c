using PhotoMl.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Adam, or AdamW where the weight decay is decoupled.</summary>
/// <remarks>
/// m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, p -= lr sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + eps): D. Kingma, J. Ba, "Adam",
/// ICLR 2015, end of section 2, as Keras computes it, with Keras' eps of 1e-7. Decoupled decay: I. Loshchilov, F. Hutter, ICLR 2019.
/// </remarks>
internal sealed class AdamOptimizer(IEnumerable<(string Name, Parameter Parameter)> parameters, double weightDecay, bool decoupled, double beta1 = AdamOptimizer.DefaultBeta1, double beta2 = AdamOptimizer.DefaultBeta2)
    : Optimizer(parameters, weightDecay, "mean", "square")
{
    private const double DefaultBeta1 = 0.9;
    private const double DefaultBeta2 = 0.999;
    private const double Epsilon = 1e-7;

    protected override void Update(string name, Tensor parameter, Tensor gradient, double learningRate, double weightDecay, long step)
    {
        var rate = learningRate * Math.Sqrt(1 - Math.Pow(beta2, step)) / (1 - Math.Pow(beta1, step));
        var gradientDecay = decoupled ? 0 : weightDecay;
        var parameterFactor = decoupled ? 1 - (learningRate * weightDecay) : 1;
        var mean = State[$"{name}.mean"];
        var square = State[$"{name}.square"];
        if (KernelMemory.IsPlain(parameter) && KernelMemory.IsPlain(gradient))
        {
            Step(
                parameter, gradient, mean, square,
                new AdamKernel.Numbers(
                    (float)rate, (float)(1 - beta1), (float)beta2, (float)(1 - beta2), (float)Epsilon, (float)gradientDecay, (float)parameterFactor));
            return;
        }

        gradient = gradient.add(parameter, alpha: gradientDecay);
        mean.lerp_(gradient, 1 - beta1);
        square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        parameter.mul_(parameterFactor).addcdiv_(mean, square.sqrt().add_(Epsilon), -rate);
    }

    private static unsafe void Step(Tensor parameter, Tensor gradient, Tensor mean, Tensor square, AdamKernel.Numbers numbers) =>
        AdamKernel.Step(
            KernelMemory.Pointer<float>(parameter),
            KernelMemory.Pointer<float>(gradient),
            KernelMemory.Pointer<float>(mean),
            KernelMemory.Pointer<float>(square),
            parameter.numel(),
            numbers);
}
