using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using PhotoMl.Data;
using PhotoMl.Export;
using PhotoMl.Export.Onnx;
using PhotoMl.Models;

namespace PhotoMl.Benchmarks;

/// <summary>A file that PhotoMl exported, in ONNX Runtime: from float32 images to logits.</summary>
internal sealed class OnnxInference : IWorkload
{
    private const int RangeImages = 8;

    private readonly InferenceSession _session;
    private readonly NamedOnnxValue[] _inputs;

    public OnnxInference(ClassifierOptions network, int batchSize, int threads, bool int8)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        _session = new InferenceSession(Export(network, int8), options);
        using var noise = Noise.Create(network, batchSize);
        using var images = PixelBatch.ToNetworkInput(noise.Take(0, batchSize));
        var tensor = new DenseTensor<float>(images.data<float>().ToArray(), [batchSize, network.Channels, network.Height, network.Width]);
        _inputs = [NamedOnnxValue.CreateFromTensor(_session.InputNames[0], tensor)];
    }

    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            using var outputs = _session.Run(_inputs);
        }
    }

    private static byte[] Export(ClassifierOptions network, bool int8)
    {
        var folder = Directory.CreateTempSubdirectory("photoml-benchmark-").FullName;
        try
        {
            var path = Path.Combine(folder, "model.onnx");
            using var model = ImageClassifier.Create(network);
            using var noise = Noise.Create(network, RangeImages);
            var info = new ClassifierInfo { Network = network, ClassNames = noise.ClassNames, Preprocessing = noise.Preprocessing };
            var loaded = new LoadedClassifier(model, info);
            ModelExporter.Export(loaded, path, ExportFormat.Onnx, probabilities: false, int8 ? Quantize : null);
            return File.ReadAllBytes(path);

            void Quantize(ModelProto graph) => new Quantizer(path, null, CancellationToken.None).Quantize(graph, noise, noise);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
