using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Export;

namespace PhotoMl;

/// <content>Export.</content>
public sealed partial class Classifier
{
    private const int CalibrationImages = 256;
    private const long CalibrationSeed = 1;

    /// <summary>Exports the classifier for other programs.</summary>
    /// <param name="path">The file; it is replaced where it exists.</param>
    /// <param name="options">The format, and how the model computes.</param>
    /// <param name="progress">Is given the number of images done after each batch, with <see cref="ExportOptions.Int8"/>.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>What the file takes and gives, and what int8 costs.</returns>
    /// <remarks>In int8 the ranges of tensors are measured on 256 images to train on, and the cost on the images that
    /// <see cref="Evaluate"/> takes; of photos that are not divided, on those that are left.</remarks>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="PhotoMlException">The data does not fit the model, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ExportedModel Export(
        string path, ExportOptions? options = null, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new ExportOptions();
        var format = ModelExporter.Check(ModelPath, path, options, isGenerator: false);
        if (!options.Int8)
        {
            return ModelExporter.Export(_loaded, path, format, options.Probabilities);
        }

        OutputException.ThrowIfNotWritable(path);
        var reading = Like(Info.Training, options.Data, new EvaluationOptions { Loading = options.Loading, Messages = options.Messages });
        var name = options.Data ?? DataOf(Info.Training, ModelPath, options.Loading.Catalog);
        OutputException.ThrowIfInput(path, [.. DatasetLoader.InputsOf(name, options.Loading)]);
        using var loaded = EvaluationImages.Load(
            _loaded, name, isItsOwn: options.Data is null, reading.Loading, cancellationToken, DatasetSplits.All);
        using var chosen = Choose(loaded, reading);

        // Photos that are not divided are all chosen.
        var evaluated = chosen.Images.Paths?.ToHashSet() ?? [];
        long[] others = [.. Enumerable.Range(0, loaded.Train.Count).Where(i => !evaluated.Contains(loaded.Train.Paths?[i] ?? ""))];
        var isDivided = others.Length > 0;
        others = isDivided ? others : [.. Enumerable.Range(0, loaded.Train.Count)];
        var count = isDivided ? CalibrationImages : Math.Clamp(others.Length / 2, 1, CalibrationImages);
        var taken = Array.ConvertAll(Split.Subset(others.Length, count, CalibrationSeed), i => others[i]);
        using var calibration = loaded.Train.Select(taken);
        using var left = isDivided || others.Length < 2 ? null : chosen.Images.Select([.. others.Except(taken)]);
        var evaluation = left ?? chosen.Images;
        var quantizer = new Quantizer(path, progress, cancellationToken);
        QuantizationCost? cost = null;
        var exported = ModelExporter.Export(_loaded, path, format, options.Probabilities, model =>
        {
            var (float32, int8) = quantizer.Quantize(model, calibration, evaluation);
            cost = new QuantizationCost
            {
                Data = loaded.Id, Kind = chosen.What, Images = evaluation.Count, Float32Accuracy = float32, Int8Accuracy = int8,
            };
        });
        return exported with { Cost = cost };
    }
}
