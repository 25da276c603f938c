using System.Numerics;
using System.Runtime.CompilerServices;
using PhotoMl.Kernels;
using TorchSharp.Modules;

namespace PhotoMl.Training;

/// <summary>Adam, or AdamW where the weight decay is decoupled.</summary>
/// <remarks>m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, p -= lr sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + eps): D. Kingma, J. Ba,
/// "Adam", ICLR 2015, end of section 2, as Keras computes it, with Keras' eps of 1e-7. Decoupled decay: I. Loshchilov, F. Hutter, ICLR
/// 2019.</remarks>
internal sealed class AdamOptimizer(
    IEnumerable<(string, Parameter)> parameters, double weightDecay, bool decoupled, double beta1 = 0.9, double beta2 = 0.999)
    : Optimizer(parameters, weightDecay, "mean", "square")
{
    private const double Epsilon = 1e-7;

    protected override void Update(string name, Tensor parameter, Tensor gradient, double learningRate, double weightDecay, long step)
    {
        var rate = learningRate * Math.Sqrt(1 - Math.Pow(beta2, step)) / (1 - Math.Pow(beta1, step));
        var gradientDecay = decoupled ? 0 : weightDecay;
        var parameterFactor = decoupled ? 1 - (learningRate * weightDecay) : 1;
        var (mean, square) = (State[$"{name}.mean"], State[$"{name}.square"]);
        if (KernelMemory.IsPlain(parameter) && KernelMemory.IsPlain(gradient))
        {
            Update(parameter, gradient, mean, square, (float)rate, (float)gradientDecay, (float)parameterFactor);
            return;
        }

        gradient = gradient.add(parameter, alpha: gradientDecay);
        mean.lerp_(gradient, 1 - beta1);
        square.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        parameter.mul_(parameterFactor).addcdiv_(mean, square.sqrt().add_(Epsilon), -rate);
    }

    // In one pass over memory where separate operators would make seven.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Update(
        Tensor parameter, Tensor gradient, Tensor mean, Tensor square, float rate, float gradientDecay, float parameterFactor)
    {
        float* ps = KernelMemory.Pointer<float>(parameter), gs = KernelMemory.Pointer<float>(gradient);
        float* ms = KernelMemory.Pointer<float>(mean), ss = KernelMemory.Pointer<float>(square);
        var (meanShare, squareDecay, squareShare, epsilon) = ((float)(1 - beta1), (float)beta2, (float)(1 - beta2), (float)Epsilon);
        var (i, count) = (0L, parameter.numel());
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var p = Vector.Load(ps + i);
            var g = Vector.Load(gs + i) + (p * gradientDecay);
            var m = Vector.Load(ms + i);
            var s = Vector.Load(ss + i) * squareDecay;
            m += (g - m) * meanShare;
            s += g * g * squareShare;
            p = (p * parameterFactor) - (m / (Vector.SquareRoot(s) + new Vector<float>(epsilon)) * rate);
            m.Store(ms + i);
            s.Store(ss + i);
            p.Store(ps + i);
        }

        for (; i < count; i++)
        {
            var g = gs[i] + (ps[i] * gradientDecay);
            ms[i] += (g - ms[i]) * meanShare;
            ss[i] = (ss[i] * squareDecay) + (g * g * squareShare);
            ps[i] = (ps[i] * parameterFactor) - (ms[i] / (MathF.Sqrt(ss[i]) + epsilon) * rate);
        }
    }
}
