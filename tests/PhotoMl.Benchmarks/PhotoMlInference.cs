using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Sampling;

namespace PhotoMl.Benchmarks;

/// <summary>The library's own evaluator of a classifier, from pixels to the report.</summary>
internal sealed class PhotoMlInference : IWorkload
{
    private readonly ClassifierOptions _network;
    private readonly int _batchSize;
    private readonly ImageClassifier _model;
    private readonly Dictionary<int, ImageDataset> _data = [];

    public PhotoMlInference(ClassifierOptions network, int batchSize, Precision precision)
    {
        (_network, _batchSize) = (network, batchSize);
        _model = ImageClassifier.Create(network);
        _model.Precision = precision;
    }

    public void Prepare(int steps)
    {
        if (!_data.ContainsKey(steps))
        {
            _data[steps] = Noise.Create(_network, steps * _batchSize);
        }
    }

    public void Run(int steps) => ClassifierEvaluator.Evaluate(_model, _data[steps], _batchSize);
}

/// <summary>The library's own sampler, from a seed to an array of bytes.</summary>
internal sealed class PhotoMlSampling(Precision precision) : IWorkload
{
    private readonly DcganGenerator _generator = new() { Precision = precision };
    private long _seed;

    public void Run(int steps)
    {
        var options = new SampleOptions { Seed = ++_seed, Count = steps * Workloads.BatchSize };
        using var pixels = GeneratorSampler.Sample(_generator, options);
        pixels.bytes.ToArray();
    }
}
