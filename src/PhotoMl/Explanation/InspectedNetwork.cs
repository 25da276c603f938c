using PhotoMl.Models;
using TorchSharp.Modules;

namespace PhotoMl.Explanation;

/// <summary>A network while it is explained: in evaluation mode and float32, without gradients of its weights, all stages open to gradients; as it was when that ends.</summary>
/// <remarks>Nothing is changed of a network that is so already, as a loaded <see cref="Classifier"/> is, so that several threads can use it.</remarks>
internal sealed class InspectedNetwork : IDisposable
{
    private readonly ImageClassifier _network;
    private readonly EvaluationMode _mode;
    private readonly string? _frozen;
    private readonly List<Parameter> _learning;

    public InspectedNetwork(ImageClassifier network)
    {
        (_network, _mode, _frozen) = (network, EvaluationMode.InFloat32(network), network.FrozenStage);
        _learning = [.. network.parameters().Where(parameter => parameter.requires_grad)];
        if (_frozen is not null)
        {
            network.Freeze(null);
            SetGradients(network.parameters(), needed: false);
        }

        SetGradients(_learning, needed: false);
    }

    public void Dispose()
    {
        if (_frozen is not null)
        {
            _network.Freeze(_frozen);
            SetGradients(_network.parameters(), needed: false);
        }

        SetGradients(_learning, needed: true);
        _mode.Dispose();
    }

    private static void SetGradients(IEnumerable<Parameter> parameters, bool needed)
    {
        foreach (var parameter in parameters)
        {
            parameter.requires_grad = needed;
        }
    }
}
