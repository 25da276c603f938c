using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>Puts a network into evaluation mode, and this thread into float32, so that every machine computes the same, until it is disposed.</summary>
internal sealed class ReferenceMode(nn.Module model) : IDisposable
{
    private readonly EvaluationMode _evaluation = new(model);
    private readonly PrecisionScope _precision = new(Precision.Float32);

    /// <inheritdoc/>
    public void Dispose()
    {
        _precision.Dispose();
        _evaluation.Dispose();
    }
}
