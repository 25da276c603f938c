using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>All tensors of a run: the weights being trained, what the optimiser remembers, the moving average and the best weights so far.</summary>
internal sealed class ClassifierTrainingWeights : IDisposable
{
    /// <summary>What the names of the weights being trained begin with in a checkpoint.</summary>
    public const string ModelPrefix = "model.";

    private const string OptimizerPrefix = "optimizer.";
    private const string AveragePrefix = "average.";
    private const string BestPrefix = "best.";

    // A thousand images tell the mean and variance of an activation to a few percent of its spread.
    private const int StatisticsImages = 1024;

    private readonly ImageClassifier _model;
    private readonly ImageClassifier? _average;
    private readonly ImageClassifier _best;
    private readonly double _averageDecay;

    public ClassifierTrainingWeights(ImageClassifier model, ClassifierTrainingOptions options)
    {
        _model = model;
        _averageDecay = options.WeightAverage;
        _average = _averageDecay > 0 ? model.Copy() : null;
        _best = model.Copy();
        Optimizer = Optimizer.Create(options, model.named_parameters().Where(entry => entry.parameter.requires_grad));
    }

    /// <summary>Moves the weights.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The network that is judged: the moving average where there is one.</summary>
    public ImageClassifier Judged => _average ?? _model;

    /// <summary>The best network so far.</summary>
    public ImageClassifier Best => _best;

    /// <summary>Lets the average follow the weights after a step.</summary>
    public void Follow()
    {
        if (_average is not null)
        {
            WeightAverage.Follow(_average, _model, _averageDecay, Optimizer.Steps);
        }
    }

    /// <summary>Measures the statistics of batch norm that belong to the averaged weights, on the first images of an epoch, varied as they were then.</summary>
    /// <remarks>
    /// An average of statistics is not the statistics of an average (P. Izmailov et al., "Averaging Weights Leads to Wider Optima", UAI 2018, section 3.2): over the
    /// hundreds of steps that the average looks back on, the weights move far. It depends on the epoch alone, so that a resumed run measures the same.
    /// </remarks>
    /// <param name="batches">The batches of the run.</param>
    /// <param name="epoch">The epoch that has ended.</param>
    /// <param name="cancellationToken">Stops between two batches; measuring again begins anew.</param>
    public void MeasureStatistics(ClassifierBatches batches, int epoch, CancellationToken cancellationToken)
    {
        if (_average is null || !_average.named_buffers().Any())
        {
            return;
        }

        var momentum = _average.NormMomentum;
        using var withoutGradients = no_grad();
        _average.train();
        try
        {
            for (var (step, seen) = (0, 0L); step < batches.PerEpoch && seen < StatisticsImages; step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                _average.NormMomentum = 1.0 / (step + 1); // the plain mean over all batches
                var images = batches.Get(epoch, step).Images;
                _average.forward(images);
                seen += images.shape[0];
            }
        }
        finally
        {
            _average.NormMomentum = momentum;
            _average.eval();
        }
    }

    /// <summary>Keeps the judged weights as the best.</summary>
    public void KeepBest() => NetworkWeights.Copy(Judged, _best);

    /// <summary>Puts the best weights into the network that was trained.</summary>
    public void RestoreBest() => NetworkWeights.Copy(_best, _model);

    /// <summary>Whether every weight is a finite number.</summary>
    public bool AreFinite() => NetworkWeights.AreFinite(_model);

    /// <summary>Names every tensor for a checkpoint.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Named()
    {
        var networks = new[] { (ModelPrefix, _model), (AveragePrefix, _average), (BestPrefix, _best) };
        return networks
            .Where(network => network.Item2 is not null)
            .SelectMany(network => NetworkWeights.Named(network.Item2!, network.Item1))
            .Concat(Optimizer.State.Select(entry => KeyValuePair.Create(OptimizerPrefix + entry.Key, entry.Value)));
    }

    /// <summary>Takes every tensor from a checkpoint.</summary>
    /// <exception cref="InvalidModelException">A tensor is missing, too many or of another shape, or a weight is not finite.</exception>
    public void Restore(SafetensorsReader reader)
    {
        Read(reader, ModelPrefix, _model);
        Read(reader, BestPrefix, _best);
        if (_average is not null)
        {
            Read(reader, AveragePrefix, _average);
        }

        foreach (var (name, tensor) in Optimizer.State)
        {
            reader.CopyTo(OptimizerPrefix + name, tensor);
        }

        if (reader.Tensors.Keys.Except(Named().Select(entry => entry.Key)).FirstOrDefault() is { } extra)
        {
            throw new InvalidModelException(reader.Path, "the tensors of this run", $"also {extra}");
        }
    }

    /// <summary>Takes the weights being trained, alone, from a checkpoint into another network.</summary>
    public static void ReadModel(SafetensorsReader reader, ImageClassifier model) => Read(reader, ModelPrefix, model);

    /// <summary>Takes the best weights so far, or those the run began with, from a checkpoint into another network.</summary>
    public static void ReadBest(SafetensorsReader reader, ImageClassifier model) => Read(reader, BestPrefix, model);

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        _average?.Dispose();
        _best.Dispose();
    }

    private static void Read(SafetensorsReader reader, string prefix, ImageClassifier model)
    {
        NetworkWeights.Check(reader, prefix, ImageClassifier.WeightShapes(model.Options), ClassifierInfo.ClassifierKind);
        NetworkWeights.CopyTo(reader, prefix, model);
    }
}
