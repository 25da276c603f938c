using PhotoMl.Models;
using PhotoMl.Runtime;
using TorchSharp.Modules;

namespace PhotoMl.Explanation;

/// <summary>A network while it is looked at: in evaluation, in float32, without gradients for its weights, all of it open to gradients; as it was when that ends.</summary>
internal sealed class InspectedNetwork : IDisposable
{
    private readonly ImageClassifier _network;
    private readonly EvaluationMode _evaluation;
    private readonly Precision _precision;
    private readonly string? _frozen;
    private readonly List<Parameter> _learning;

    public InspectedNetwork(ImageClassifier network)
    {
        (_network, _evaluation, _precision, _frozen) = (network, new EvaluationMode(network), network.Precision, network.FrozenStage);
        _learning = [.. network.parameters().Where(parameter => parameter.requires_grad)];
        network.Freeze(null);
        SetGradients(network.parameters(), wanted: false);
        network.Precision = Precision.Float32;
    }

    public void Dispose()
    {
        _network.Freeze(_frozen);
        SetGradients(_network.parameters(), wanted: false);
        SetGradients(_learning, wanted: true);
        _network.Precision = _precision;
        _evaluation.Dispose();
    }

    private static void SetGradients(IEnumerable<Parameter> parameters, bool wanted)
    {
        foreach (var parameter in parameters)
        {
            parameter.requires_grad = wanted;
        }
    }
}
