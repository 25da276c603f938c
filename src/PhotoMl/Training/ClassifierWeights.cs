using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>All tensors of a classifier's run: the weights being trained, what the optimizer remembers, their moving average (EMA) and the best weights so far.</summary>
internal sealed class ClassifierWeights : RunWeights
{
    /// <summary>The prefix of the weights being trained in a checkpoint.</summary>
    public const string ModelPrefix = "model.";

    /// <summary>The prefix of the best weights so far, or those the run began with.</summary>
    public const string BestPrefix = "best.";

    // From a thousand images, mean and variance of an activation are known to a few percent of its standard deviation.
    private const int StatisticsImages = 1024;

    private readonly ImageClassifier _model;
    private readonly ImageClassifier? _average;
    private readonly ClassifierTrainingOptions _options;

    public ClassifierWeights(ImageClassifier model, ClassifierTrainingOptions options)
    {
        _model = model;
        _options = options;
        _average = options.EmaDecay > 0 ? model.Copy() : null;
        Best = model.Copy();
        Optimizer = Optimizer.Create(options, model.named_parameters().Where(entry => entry.parameter.requires_grad));
    }

    public Optimizer Optimizer { get; }

    /// <summary>The network that is evaluated: the EMA where there is one.</summary>
    public ImageClassifier Evaluated => _average ?? _model;

    public ImageClassifier Best { get; }

    protected override IEnumerable<(string Prefix, nn.Module Network)> Networks =>
        _average is null ? [(ModelPrefix, _model), (BestPrefix, Best)] : [(ModelPrefix, _model), ("average.", _average), (BestPrefix, Best)];

    protected override IEnumerable<(string Prefix, Optimizer Optimizer)> Optimizers => [("optimizer.", Optimizer)];

    public void UpdateEma() => UpdateEma(_average, _model, _options.EmaDecay, Optimizer.Steps);

    /// <summary>Measures the batch-norm statistics of the EMA on the first images of an epoch, varied as they were then.</summary>
    /// <remarks>They depend on the epoch alone, so that a resumed run measures the same.</remarks>
    public void MeasureStatistics(ClassifierBatches batches, int epoch, CancellationToken cancellationToken)
    {
        if (_average is not null && _average.named_buffers().Any())
        {
            var count = Math.Min(batches.PerEpoch, (StatisticsImages + _options.BatchSize - 1) / _options.BatchSize);
            MeasureStatistics(_average, _average.NormMomentum, value => _average.NormMomentum = value, count, Forward, cancellationToken);
        }

        void Forward(int step) => _average.forward(batches.Get(epoch, step).Images);
    }

    public void KeepBest() => NetworkWeights.Copy(Evaluated, Best);

    public void RestoreBest() => NetworkWeights.Copy(Best, _model);

    public override void Dispose()
    {
        Optimizer.Dispose();
        _average?.Dispose();
        Best.Dispose();
    }
}
