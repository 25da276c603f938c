using System.Numerics;
using System.Runtime.CompilerServices;
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

    // In one pass over memory where separate operators would make seven.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override unsafe void Update(
        float* ps, float* gs, float* ms, float* ss, long count, double learningRate, double weightDecay, long step)
    {
        var rate = (float)(learningRate * Math.Sqrt(1 - Math.Pow(beta2, step)) / (1 - Math.Pow(beta1, step)));
        var gradientDecay = decoupled ? 0 : (float)weightDecay;
        var parameterFactor = decoupled ? (float)(1 - (learningRate * weightDecay)) : 1;
        var (meanShare, squareDecay, squareShare, epsilon) = ((float)(1 - beta1), (float)beta2, (float)(1 - beta2), (float)Epsilon);
        var i = 0L;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var p = Vector.Load(ps + i);
            var g = Vector.Load(gs + i) + (p * gradientDecay);
            var m = Vector.Load(ms + i);
            var s = Vector.Load(ss + i) * squareDecay;
            m = ZeroIfTiny(m + ((g - m) * meanShare));
            s = ZeroIfTiny(s + (g * g * squareShare));
            p = (p * parameterFactor) - (m / (Vector.SquareRoot(s) + new Vector<float>(epsilon)) * rate);
            m.Store(ms + i);
            s.Store(ss + i);
            p.Store(ps + i);
        }

        for (; i < count; i++)
        {
            var g = gs[i] + (ps[i] * gradientDecay);
            ms[i] = ZeroIfTiny(ms[i] + ((g - ms[i]) * meanShare));
            ss[i] = ZeroIfTiny((ss[i] * squareDecay) + (g * g * squareShare));
            ps[i] = (ps[i] * parameterFactor) - (ms[i] / (MathF.Sqrt(ss[i]) + epsilon) * rate);
        }
    }
}
