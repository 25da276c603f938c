using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Stochastic gradient descent with momentum: v = momentum v + g, p -= lr v, as PyTorch computes it.</summary>
internal sealed class SgdOptimizer(IEnumerable<(string Name, Parameter Parameter)> parameters, double weightDecay, double momentum)
    : Optimizer(parameters, weightDecay, "velocity")
{
    protected override void Update(string name, Tensor parameter, Tensor gradient, double learningRate, double weightDecay, long step)
    {
        if (weightDecay > 0)
        {
            gradient = gradient.add(parameter, alpha: weightDecay);
        }

        var velocity = State[$"{name}.velocity"].mul_(momentum).add_(gradient);
        parameter.add_(velocity, alpha: -learningRate);
    }
}
