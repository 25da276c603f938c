using PhotoMl.Data;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>Calibrates the probabilities of a trained classifier, and gathers what its classes look like, so that it can be unsure.</summary>
/// <remarks>Costs one more look at up to 16,384 training images and up to 10,000 validation images. The same images give the same result, bit for bit.</remarks>
internal static class ClassifierCalibrator
{
    private const int MostTrainingImages = 16_384;
    private const int MostValidationImages = 10_000;
    private const int MostImages = 128; // at once

    public static CalibrationInfo FitTemperature(ImageClassifier model, ImageDataset validation, CancellationToken cancellationToken = default)
    {
        CheckFits(model, validation, nameof(validation));
        using var scope = NewDisposeScope();
        return FitTemperature(Compute(model, validation, Spread(Everything(validation), MostValidationImages), cancellationToken));
    }

    /// <summary>Fits the temperature, and gathers what new images are compared with.</summary>
    public static CalibrationInfo Calibrate(
        ImageClassifier model, ImageDataset train, long[]? trained, ImageDataset validation, out ConformalReference reference, CancellationToken cancellationToken = default)
    {
        CheckFits(model, train, nameof(train));
        CheckFits(model, validation, nameof(validation));
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var prototypes = FindPrototypes(model, train, trained ?? Everything(train), cancellationToken);
        var outputs = Compute(model, validation, Spread(Everything(validation), MostValidationImages), cancellationToken);
        var scores = ConformalScores.Compute(outputs.Logits, outputs.Features, prototypes); // (N, classes, 2)
        var ofOwnClass = scores.gather(1, outputs.Labels.view(-1, 1, 1).expand(-1, 1, ConformalReference.Measures)).squeeze(1).contiguous(); // (N, 2)
        var info = FitTemperature(outputs);
        reference = new ConformalReference(prototypes, ofOwnClass);
        return info;
    }

    private static ClassifierOutputs Compute(ImageClassifier model, ImageDataset data, long[] indices, CancellationToken cancellationToken) =>
        ClassifierOutputs.Compute(
            model, data, indices, ClassifierEvaluator.BatchSizeFor(MostImages, data.Height, data.Width), embeds: true, done: null, cancellationToken);

    private static CalibrationInfo FitTemperature(ClassifierOutputs outputs)
    {
        var temperature = TemperatureScaling.Fit(outputs.Logits, outputs.Labels);
        return new CalibrationInfo
        {
            Temperature = temperature,
            Images = (int)outputs.Labels.shape[0],
            ErrorBefore = Error(outputs, 1),
            ErrorAfter = Error(outputs, temperature),
        };
    }

    private static double Error(ClassifierOutputs outputs, double temperature)
    {
        using var probabilities = TemperatureScaling.ToProbabilities(outputs.Logits, temperature);
        var bins = new ExpectedCalibrationError();
        bins.Add(probabilities.data<double>().ToArray(), outputs.Labels.data<long>().ToArray());
        return bins.ToReport().Error;
    }

    private static Tensor FindPrototypes(ImageClassifier model, ImageDataset train, long[] indices, CancellationToken cancellationToken)
    {
        var classes = model.Options.Classes;
        var labels = train.Labels.data<long>().ToArray();
        var ofEach = Math.Max(1, MostTrainingImages / classes);
        long[] some = [.. indices.GroupBy(index => labels[index]).SelectMany(members => Spread([.. members], ofEach)).Order()];
        var outputs = Compute(model, train, some, cancellationToken);
        return ClassPrototypes.Find(outputs.Features, outputs.Labels.data<long>().ToArray(), classes);
    }

    private static long[] Everything(ImageDataset data) => [.. Enumerable.Range(0, data.Count).Select(index => (long)index)];

    // Evenly spaced: neighbours in a folder of photos are often of the same scene.
    private static long[] Spread(long[] indices, int most) => indices.Length <= most
        ? indices
        : [.. Enumerable.Range(0, most).Select(i => indices[(int)((long)i * indices.Length / most)])];

    private static void CheckFits(ImageClassifier model, ImageDataset data, string name)
    {
        if (data.Count == 0 || data.ClassNames.Count != model.Options.Classes)
        {
            throw new ArgumentException($"Expected images of {model.Options.Classes} classes but got {data.Count} of {data.ClassNames.Count}.", name);
        }
    }
}
