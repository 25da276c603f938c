using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Runtime;

namespace PhotoMl.Benchmarks;

/// <summary>The library's own evaluator, from pixels to the report.</summary>
internal sealed class PhotoMlInference(Precision precision) : IWorkload
{
    private readonly ConvClassifier _model = new() { Precision = precision };
    private readonly Dictionary<int, ImageDataset> _data = [];

    public TimeSpan Run(int steps)
    {
        if (!_data.TryGetValue(steps, out var data))
        {
            var pixels = new byte[steps * Workloads.BatchSize * 784];
            new Random(1).NextBytes(pixels);
            var labels = new LabelledImages(28, 28, pixels, new byte[steps * Workloads.BatchSize]);
            _data[steps] = data = ImageDataset.FromBytes("noise", labels, [.. Enumerable.Range(0, 10).Select(i => $"{i}")]);
        }

        var clock = Stopwatch.StartNew();
        ClassifierEvaluator.Evaluate(_model, data, Workloads.BatchSize);
        return clock.Elapsed;
    }
}
