using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Puts a network into evaluation mode, and each of its modules back into the mode it was in, when it is disposed.</summary>
/// <remarks>A network that is in evaluation mode already is not touched, so that several threads can use it.</remarks>
internal sealed class EvaluationMode : IDisposable
{
    private readonly (nn.Module Module, bool IsTraining)[] _modes;
    private readonly Action? _restorePrecision;

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
    }

    private EvaluationMode(nn.Module network, Action restorePrecision)
        : this(network) => _restorePrecision = restorePrecision;

    /// <summary>Evaluation mode in float32, in which every machine computes the same.</summary>
    public static EvaluationMode InFloat32(ImageClassifier model)
    {
        var precision = model.Precision;
        model.Precision = Precision.Float32;
        return new EvaluationMode(model, () => model.Precision = precision);
    }

    /// <inheritdoc cref="InFloat32(ImageClassifier)"/>
    public static EvaluationMode InFloat32(DcganGenerator model)
    {
        var precision = model.Precision;
        model.Precision = Precision.Float32;
        return new EvaluationMode(model, () => model.Precision = precision);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A module's mode is also set for the modules within it, which come after it.
        foreach (var (module, isTraining) in _modes)
        {
            module.train(isTraining);
        }

        _restorePrecision?.Invoke();
    }
}
