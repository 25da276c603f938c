using System.Numerics;
using Google.Protobuf;
using PhotoMl.Data;
using PhotoMl.Export.Onnx;
using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>Quantizes the graph of a classifier to int8, and measures what that costs.</summary>
/// <param name="path">The file that the graph is for.</param>
/// <param name="progress">Is given the number of images done after each batch.</param>
/// <param name="cancellationToken">Stops between two batches.</param>
internal sealed class Quantizer(string path, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
{
    private const int BatchSize = 32;
    private const int ValuesOfImage = 4096; // of each tensor, which has up to a million

    // A few extreme values would make all others coarse; chosen among others, and before entropy, in tests/acceptance/README.md.
    private const double Percentile = 0.99999;

    /// <summary>Replaces the graph of a model.</summary>
    /// <param name="model">The model in float32.</param>
    /// <param name="calibration">Images by which the ranges of tensors are measured.</param>
    /// <param name="evaluation">Images on which both graphs are evaluated, with their labels.</param>
    /// <returns>The accuracy of the graph before and after, computed in float64 from the numbers that the file holds.</returns>
    /// <exception cref="InvalidModelException">The quantized graph gives no finite numbers.</exception>
    public (double Float32, double Int8) Quantize(ModelProto model, ImageDataset calibration, ImageDataset evaluation)
    {
        var float32 = model.Graph;
        model.Graph = QuantizedGraph.Of(float32, Calibrate(float32, calibration));
        var int8 = ModelProto.Parser.ParseFrom(model.ToByteArray()).Graph;
        var (correct, correctInt8) = (0L, 0L);
        ForEachBatch(evaluation, "evaluating images", (images, labels) =>
        {
            correct += CountCorrect(float32, images, labels);
            correctInt8 += CountCorrect(int8, images, labels);
        });
        return (correct / (double)evaluation.Count, correctInt8 / (double)evaluation.Count);
    }

    private Dictionary<string, (double Low, double High)> Calibrate(GraphProto graph, ImageDataset calibration)
    {
        var samples = QuantizedGraph.TensorsToCalibrate(graph).ToDictionary(name => name, _ => new List<float>());
        ForEachBatch(calibration, "calibrating", (images, _) => OnnxEvaluator.Run(graph, [images], (name, values) =>
        {
            if (samples.TryGetValue(name, out var taken))
            {
                var step = StepOf(values.numel() / values.shape[0], values.shape[^1]);
                using var some = values.flatten().slice(0, 0, values.numel(), step).to(ScalarType.Float32).contiguous();
                taken.AddRange(some.data<float>());
            }
        }));
        return samples.ToDictionary(entry => entry.Key, entry => RangeOf(entry.Value));
    }

    /// <summary>The step at which values of a tensor are taken: by one that has a divisor in common with the width, all would lie in a few
    /// columns.</summary>
    internal static long StepOf(long values, long width)
    {
        var step = Math.Max(1, values / ValuesOfImage);
        while (BigInteger.GreatestCommonDivisor(step, width) > 1)
        {
            step++;
        }

        return step;
    }

    private static (double Low, double High) RangeOf(List<float> values)
    {
        values.Sort();
        var cut = (int)Math.Round((1 - Percentile) * (values.Count - 1));
        var (low, high) = (values[cut], values[^(cut + 1)]);
        return low < high ? (low, high) : (values[0], values[^1]); // nearly all are zero
    }

    private long CountCorrect(GraphProto graph, Tensor images, Tensor labels)
    {
        var logits = OnnxEvaluator.Run(graph, [images]);
        return logits.isfinite().all().item<bool>()
            ? logits.argmax(1).eq(labels).sum().item<long>()
            : throw new InvalidModelException(path, "a graph that gives finite numbers", "others");
    }

    private void ForEachBatch(ImageDataset data, string activity, Action<Tensor, Tensor> take)
    {
        for (var start = 0; start < data.Count; start += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(BatchSize, data.Count - start);
            take(PixelBatch.ToNetworkInput(data.Take(start, count)), data.Labels.narrow(0, start, count));
            progress?.Report(new WorkProgress { Activity = activity, Done = start + count, Total = data.Count });
        }
    }
}
