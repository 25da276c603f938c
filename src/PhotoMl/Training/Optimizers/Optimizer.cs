using TorchSharp.Modules;

namespace PhotoMl.Training;

/// <summary>Moves parameters along their gradients; all it remembers can be stored and restored.</summary>
/// <remarks>TorchSharp's own optimizers keep their state by native handle and in a file format of their own, so an exact resume cannot rest
/// on them.</remarks>
internal abstract class Optimizer : IDisposable
{
    private readonly List<(string Name, Parameter Parameter)> _parameters;
    private readonly Tensor _steps = zeros([], ScalarType.Int64).DetachFromDisposeScope();

    protected Optimizer(IEnumerable<(string, Parameter)> parameters, double weightDecay, params ReadOnlySpan<string> remembered)
    {
        _parameters = [.. parameters];
        WeightDecay = weightDecay;
        State["steps"] = _steps;
        foreach (var (name, parameter) in _parameters)
        {
            foreach (var what in remembered)
            {
                State[$"{name}.{what}"] = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
            }
        }
    }

    /// <summary>The tensors it remembers, by name, among them the number of steps; zero before the first step.</summary>
    public Dictionary<string, Tensor> State { get; } = [];

    public long Steps => _steps.item<long>();
    protected double WeightDecay { get; }

    public static Optimizer Create(ClassifierTrainingOptions options, IEnumerable<(string, Parameter)> all) => options.Optimizer switch
    {
        OptimizerKind.Adam => new AdamOptimizer(all, options.WeightDecay, decoupled: false),
        OptimizerKind.AdamW => new AdamOptimizer(all, options.WeightDecay, decoupled: true),
        OptimizerKind.Sgd => new SgdOptimizer(all, options.WeightDecay, options.Momentum),
        _ => throw new ArgumentException($"There is no optimizer {options.Optimizer}.", nameof(options)),
    };

    public void Step(double learningRate)
    {
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        _steps.add_(1);
        var step = Steps;
        foreach (var (name, parameter) in _parameters)
        {
            if (parameter.grad is { } gradient)
            {
                // Biases are not decayed: they cannot make the function steep.
                Update(name, parameter, gradient, learningRate, parameter.dim() > 1 ? WeightDecay : 0, step);
            }
        }
    }

    public void Reset()
    {
        using var scope = NewDisposeScope();
        foreach (var tensor in State.Values)
        {
            tensor.zero_();
        }
    }

    public void Dispose()
    {
        foreach (var tensor in State.Values)
        {
            tensor.Dispose();
        }

        State.Clear();
    }

    protected abstract void Update(string name, Tensor parameter, Tensor gradient, double learningRate, double weightDecay, long step);
}

/// <summary>Stochastic gradient descent with momentum: v = momentum v + g, p -= lr v, as PyTorch computes it.</summary>
internal sealed class SgdOptimizer(IEnumerable<(string, Parameter)> parameters, double weightDecay, double momentum)
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
