using System.Numerics;
using System.Runtime.CompilerServices;

namespace PhotoMl.Training;

/// <summary>One step of Adam over a parameter in memory, in one pass where separate operators would make seven.</summary>
internal static unsafe class AdamKernel
{
    /// <summary>The numbers of a step.</summary>
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
