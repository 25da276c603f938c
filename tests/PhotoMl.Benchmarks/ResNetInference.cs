using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Runtime;

namespace PhotoMl.Benchmarks;

/// <summary>The library's own evaluator, of the residual network.</summary>
internal sealed class ResNetInference(Precision precision) : IWorkload
{
    private readonly ImageClassifier _model = Create(precision);
    private readonly Dictionary<int, ImageDataset> _data = [];

    public TimeSpan Run(int steps)
    {
        if (!_data.TryGetValue(steps, out var data))
        {
            _data[steps] = data = ResNetPhotos.Create(steps * ResNetPhotos.BatchSize);
        }

        var clock = Stopwatch.StartNew();
        ClassifierEvaluator.Evaluate(_model, data, ResNetPhotos.BatchSize);
        return clock.Elapsed;
    }

    private static ImageClassifier Create(Precision precision)
    {
        var model = ImageClassifier.Create(ResNetPhotos.Network);
        model.Precision = precision;
        return model;
    }
}
