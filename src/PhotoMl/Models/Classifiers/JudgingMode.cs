using PhotoMl.Runtime;

namespace PhotoMl.Models;

/// <summary>Puts a network into evaluation mode and float32, so that every machine judges alike, until it is disposed.</summary>
internal sealed class JudgingMode : IDisposable
{
    private readonly ImageClassifier _model;
    private readonly bool _training;
    private readonly Precision _precision;

    public JudgingMode(ImageClassifier model)
    {
        (_model, _training, _precision) = (model, model.training, model.Precision);
        model.eval();
        model.Precision = Precision.Float32;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Precision = _precision;
        _model.train(_training);
    }
}
