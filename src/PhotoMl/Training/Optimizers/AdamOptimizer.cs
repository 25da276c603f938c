using System.Numerics;
using System.Runtime.CompilerServices;
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

/// <summary>One step of Adam over a parameter in memory, in one pass where separate operators would make seven.</summary>
internal static unsafe class AdamKernel
{
    public readonly record struct Numbers(float Rate, float MeanShare, float SquareDecay, float SquareShare, float Epsilon, float GradientDecay, float ParameterFactor);

    /// <summary>Moves a parameter, its gradient's moving mean and the squared gradient's moving mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(float* parameter, float* gradient, float* mean, float* square, long count, Numbers numbers)
    {
        var i = 0L;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var p = Vector.Load(parameter + i);
            var g = Vector.Load(gradient + i) + (p * numbers.GradientDecay);
            var m = Vector.Load(mean + i);
            var s = Vector.Load(square + i) * numbers.SquareDecay;
            m += (g - m) * numbers.MeanShare;
            s += g * g * numbers.SquareShare;
            p = (p * numbers.ParameterFactor) - (m / (Vector.SquareRoot(s) + new Vector<float>(numbers.Epsilon)) * numbers.Rate);
            m.Store(mean + i);
            s.Store(square + i);
            p.Store(parameter + i);
        }

        for (; i < count; i++)
        {
            var g = gradient[i] + (parameter[i] * numbers.GradientDecay);
            mean[i] += (g - mean[i]) * numbers.MeanShare;
            square[i] = (square[i] * numbers.SquareDecay) + (g * g * numbers.SquareShare);
            parameter[i] = (parameter[i] * numbers.ParameterFactor) - (mean[i] / (MathF.Sqrt(square[i]) + numbers.Epsilon) * numbers.Rate);
        }
    }
}
