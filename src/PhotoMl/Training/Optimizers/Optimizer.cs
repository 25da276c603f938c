using System.Numerics;
using System.Runtime.CompilerServices;
using PhotoMl.Kernels;
using TorchSharp.Modules;

namespace PhotoMl.Training;

/// <summary>Moves parameters along their gradients; all it remembers can be stored and restored.</summary>
/// <remarks>TorchSharp's own optimizers keep their state by native handle and in a file format of their own, so an exact resume cannot rest
/// on them.</remarks>
internal abstract class Optimizer : IDisposable
{
    private const float Tiny = 1e-30f;

    // So many are done by one thread before another could help.
    private const int FewElements = 1 << 14;

    private readonly List<(string Name, Parameter Parameter)> _parameters;
    private readonly double _weightDecay;
    private readonly string[] _remembered;
    private readonly Tensor _steps;

    protected Optimizer(IEnumerable<(string, Parameter)> parameters, double weightDecay, params string[] remembered)
    {
        (_parameters, _weightDecay, _remembered) = ([.. parameters], weightDecay, remembered);
        if (_parameters.Find(entry => !KernelMemory.IsPlain(entry.Parameter)) is { Parameter: { } other } entry)
        {
            var found = $"{entry.Name} of {other.dtype} on {other.device_type}";
            throw new ArgumentException($"Expected parameters of Float32 on the CPU but got {found}.", nameof(parameters));
        }

        State["steps"] = _steps = zeros([], ScalarType.Int64).DetachFromDisposeScope();
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

    public static Optimizer Create(ClassifierTrainingOptions options, IEnumerable<(string, Parameter)> all) => options.Optimizer switch
    {
        OptimizerKind.Adam => new AdamOptimizer(all, options.WeightDecay, decoupled: false),
        OptimizerKind.AdamW => new AdamOptimizer(all, options.WeightDecay, decoupled: true),
        OptimizerKind.Sgd => new SgdOptimizer(all, options.WeightDecay, options.Momentum),
        _ => throw new ArgumentException($"There is no optimizer {options.Optimizer}.", nameof(options)),
    };

    /// <summary>Moves the parameters, and then their moving averages by name, which a share of each parameter enters.</summary>
    public unsafe void Step(double learningRate, IReadOnlyDictionary<string, Tensor>? averages = null, double share = 0)
    {
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        _steps.add_(1);
        var step = Steps;
        foreach (var (name, parameter) in _parameters)
        {
            var average = averages?[name];
            if (parameter.grad is not { } gradient)
            {
                average?.lerp_(parameter, share);
                continue;
            }

            // Biases are not decayed: they cannot make the function steep.
            var weightDecay = parameter.dim() > 1 ? _weightDecay : 0;
            var remembered = Array.ConvertAll(_remembered, what => State[$"{name}.{what}"]);
            using var plain = gradient.contiguous();
            var (ps, gs) = ((nint)KernelMemory.Pointer<float>(parameter), (nint)KernelMemory.Pointer<float>(plain));
            var (first, second) = ((nint)KernelMemory.Pointer<float>(remembered[0]), (nint)KernelMemory.Pointer<float>(remembered[^1]));
            var ofAverage = (nint)KernelMemory.Pointer<float>(average);
            var elements = parameter.numel();
            ParallelRanges.For((int)((elements + FewElements - 1) / FewElements), (_, firstPart, endPart) =>
            {
                var start = (long)firstPart * FewElements;
                var count = Math.Min(elements, (long)endPart * FewElements) - start;
                Update(
                    (float*)ps + start, (float*)gs + start, (float*)first + start, (float*)second + start, count, learningRate, weightDecay,
                    step);
                if (ofAverage != 0)
                {
                    Approach((float*)ofAverage + start, (float*)ps + start, (float)share, count);
                }
            });
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

    /// <summary>Updates some numbers in memory: parameters, given their gradients, and the first and the last that is remembered.</summary>
    /// <remarks>What is remembered of a weight that has no gradient any more shrinks to numbers with which a processor computes a hundred
    /// times as slowly ("denormal"): below 1e-30 it becomes zero.</remarks>
    protected abstract unsafe void Update(
        float* parameters, float* gradients, float* first, float* second, long count, double learningRate, double weightDecay, long step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static Vector<float> ZeroIfTiny(Vector<float> value) =>
        Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(value), new Vector<float>(Tiny)), Vector<float>.Zero, value);

    protected static float ZeroIfTiny(float value) => Math.Abs(value) < Tiny ? 0 : value;

    // Each average moves towards its parameter by a share of the way.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Approach(float* averages, float* parameters, float share, long count)
    {
        var i = 0L;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var average = Vector.Load(averages + i);
            (average + ((Vector.Load(parameters + i) - average) * share)).Store(averages + i);
        }

        for (; i < count; i++)
        {
            averages[i] += (parameters[i] - averages[i]) * share;
        }
    }
}

/// <summary>Stochastic gradient descent with momentum: v = momentum v + g, p -= lr v, as PyTorch computes it.</summary>
internal sealed class SgdOptimizer(IEnumerable<(string, Parameter)> parameters, double weightDecay, double momentum)
    : Optimizer(parameters, weightDecay, "velocity")
{
    protected override unsafe void Update(
        float* parameters, float* gradients, float* velocities, float* same, long count, double learningRate, double weightDecay, long step)
    {
        var (rate, decay, kept) = ((float)learningRate, (float)weightDecay, (float)momentum);
        for (var i = 0L; i < count; i++)
        {
            velocities[i] = ZeroIfTiny((velocities[i] * kept) + gradients[i] + (parameters[i] * decay));
            parameters[i] -= velocities[i] * rate;
        }
    }
}
