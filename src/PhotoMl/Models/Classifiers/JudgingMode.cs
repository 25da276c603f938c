using PhotoMl.Runtime;

namespace PhotoMl.Models;

/// <summary>Puts a network into evaluation mode and float32, so that every machine judges alike, until it is disposed.</summary>
internal sealed class JudgingMode : IDisposable
{
    private readonly ImageClassifier _model;
    private readonly EvaluationMode _evaluation;
    private readonly Precision _precision;

    public JudgingMode(ImageClassifier model)
    {
        (_model, _evaluation, _precision) = (model, new EvaluationMode(model), model.Precision);
        model.Precision = Precision.Float32;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Precision = _precision;
        _evaluation.Dispose();
    }
}
