using PhotoMl.Kernels;

namespace PhotoMl.Models;

/// <summary>Puts a network into evaluation mode, and each of its modules back into the mode it was in, when it is disposed.</summary>
/// <remarks>A network that is in evaluation mode already is not touched, so that several threads can use it.</remarks>
internal sealed class EvaluationMode : IDisposable
{
    private readonly (nn.Module Module, bool IsTraining)[] _modes;
    private readonly PreparedWeights _weights;
    private PrecisionScope? _precision;

    public EvaluationMode(nn.Module network)
    {
        _modes = [.. network.modules().Prepend(network).Distinct().Select(module => (module, module.training))];
        if (_modes.Any(mode => mode.IsTraining))
        {
            network.eval();
        }
        else
        {
            _modes = [];
        }

        NativeLeftovers.CountUse(1);
        _weights = new PreparedWeights();
    }

    /// <summary>Evaluation mode in float32 on this thread, in which every machine computes the same.</summary>
    public static EvaluationMode InFloat32(nn.Module network) => new(network) { _precision = new PrecisionScope(Precision.Float32) };

    public void Dispose()
    {
        // A module's mode is also set for the modules within it, which come after it.
        foreach (var (module, isTraining) in _modes)
        {
            module.train(isTraining);
        }

        NativeLeftovers.CountUse(-1);
        _precision?.Dispose();
        _weights.Dispose();
    }
}

/// <summary>Has all networks compute in one precision on this thread, whatever their own, until it is disposed; other threads that use them
/// notice nothing.</summary>
/// <remarks>Like <c>torch.autocast</c>, it belongs to the thread.</remarks>
internal sealed class PrecisionScope : IDisposable
{
    [ThreadStatic]
    private static Precision? _ofThread;

    private readonly Precision? _outer = _ofThread;

    public PrecisionScope(Precision precision) => _ofThread = ProcessorFeatures.Resolve(precision);

    public static Precision? OfThread => _ofThread;

    public static Precision Of(Precision own) => _ofThread ?? own;

    public void Dispose() => _ofThread = _outer;
}
