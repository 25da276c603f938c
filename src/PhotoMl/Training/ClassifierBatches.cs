using PhotoMl.Data;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>The batches of every epoch: which images, in which order, varied how; all from the seed and the position.</summary>
internal sealed class ClassifierBatches
{
    private readonly ImageDataset _data;
    private readonly EpochOrder _order;
    private readonly ClassifierTrainingOptions _options;
    private readonly BatchVariation _variation;

    /// <param name="data">The images; they stay the caller's.</param>
    /// <param name="indices">Which of them are trained on.</param>
    /// <param name="options">Batch size, variation and seed.</param>
    public ClassifierBatches(ImageDataset data, long[] indices, ClassifierTrainingOptions options)
    {
        _data = data;
        _order = options.Balance == ClassBalance.Sampler
            ? EpochOrder.ByClass(indices, Labels(data, indices), options.Seed)
            : new EpochOrder(indices, options.Seed);
        _options = options;
        _variation = new BatchVariation(options);
    }

    /// <summary>The number of batches of an epoch; the last may be smaller.</summary>
    public int PerEpoch => (_order.Count + _options.BatchSize - 1) / _options.BatchSize;

    /// <summary>Makes a batch.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="step">The batch of the epoch, from 0.</param>
    /// <returns>The batch; the caller disposes it.</returns>
    public ClassifierBatch Get(int epoch, int step)
    {
        using var scope = NewDisposeScope();
        var start = step * _options.BatchSize;
        var indices = _order.Take(epoch, start, Math.Min(start + _options.BatchSize, _order.Count));
        var labels = _data.Labels.index_select(0, tensor(indices));
        return _variation.Apply(_data.Take(indices), labels, _data.ClassNames.Count, epoch, step).MoveToOuterDisposeScope();
    }

    /// <summary>The class of each of some images.</summary>
    internal static long[] Labels(ImageDataset data, long[] indices)
    {
        var labels = data.Labels.data<long>();
        return Array.ConvertAll(indices, index => labels[index]);
    }
}
