using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Adam, or AdamW where the weight decay is decoupled.</summary>
/// <remarks>
/// m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, p -= lr sqrt(1 - b2^t) / (1 - b1^t) m / (sqrt(v) + eps): D. Kingma, J. Ba, "Adam",
/// ICLR 2015, end of section 2, as Keras computes it, with Keras' eps of 1e-7. Decoupled decay: I. Loshchilov, F. Hutter, ICLR 2019.
/// </remarks>
internal sealed class AdamOptimizer(IEnumerable<(string Name, Parameter Parameter)> parameters, double weightDecay, bool decoupled)
    : Optimizer(parameters, weightDecay, "mean", "square")
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-7;

    protected override void Update(string name, Tensor parameter, Tensor gradient, double learningRate, double weightDecay)
    {
        if (weightDecay > 0 && decoupled)
        {
            parameter.mul_(1 - (learningRate * weightDecay));
        }
        else if (weightDecay > 0)
        {
            gradient = gradient.add(parameter, alpha: weightDecay);
        }

        var mean = State[$"{name}.mean"].lerp_(gradient, 1 - Beta1);
        var square = State[$"{name}.square"].mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var rate = learningRate * Math.Sqrt(1 - Math.Pow(Beta2, Steps)) / (1 - Math.Pow(Beta1, Steps));
        parameter.addcdiv_(mean, square.sqrt().add_(Epsilon), -rate);
    }
}
