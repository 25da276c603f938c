using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>Calibrates the probabilities of a trained classifier, and gathers what its classes look like, so that it can be
/// unsure.</summary>
/// <remarks>Costs one more pass over up to 16,384 training images and up to 10,000 validation images. The same images give the same result,
/// bit for bit.</remarks>
internal static class ClassifierCalibrator
{
    private const int MostTrainingImages = 16_384;
    private const int MostValidationImages = 10_000;
    private const int BatchSize = 128;

    public static CalibrationInfo FitTemperature(
        ImageClassifier model, ImageDataset validation, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        return FitTemperature(DescribeValidation(model, validation, cancellationToken));
    }

    /// <summary>Fits the temperature, and gathers what new images are compared with.</summary>
    public static CalibrationInfo Calibrate(
        ImageClassifier model,
        ImageDataset train,
        long[]? trained,
        ImageDataset validation,
        out ConformalReference reference,
        CancellationToken cancellationToken = default)
    {
        using var withoutGradients = no_grad();
        using var scope = NewDisposeScope();
        var classes = model.Options.Classes;
        var labels = train.Labels.data<long>().ToArray();
        var perClass = Math.Max(1, MostTrainingImages / classes);
        var ofClasses = (trained ?? [.. Enumerable.Range(0, train.Count)]).GroupBy(index => labels[index]);
        long[] some = [.. ofClasses.SelectMany(members => Thin([.. members], perClass)).Order()];
        var described = ClassifierOutputs.Compute(model, train, some, BatchSize, embeds: true, null, cancellationToken).Finite();
        var prototypes = ClassPrototypes.Find(described.Features, described.Labels.data<long>().ToArray(), classes);

        var outputs = DescribeValidation(model, validation, cancellationToken);
        var scores = ConformalSets.Score(outputs.Logits, outputs.Features, prototypes); // (N, classes, 2)
        var ofOwnClass = scores.gather(1, outputs.Labels.view(-1, 1, 1).expand(-1, 1, ConformalReference.Measures)).squeeze(1); // (N, 2)
        var info = FitTemperature(outputs);
        reference = new ConformalReference(prototypes, ofOwnClass.contiguous());
        return info;
    }

    private static ClassifierOutputs DescribeValidation(ImageClassifier model, ImageDataset data, CancellationToken cancellationToken) =>
        ClassifierOutputs.Compute(
            model, data, Thin([.. Enumerable.Range(0, data.Count)], MostValidationImages), BatchSize, embeds: true, null, cancellationToken)
            .Finite();

    private static CalibrationInfo FitTemperature(ClassifierOutputs outputs)
    {
        var temperature = TemperatureScaling.Fit(outputs.Logits, outputs.Labels);
        return new CalibrationInfo
        {
            Temperature = temperature,
            Images = (int)outputs.Labels.shape[0],
            ErrorBefore = Error(1),
            ErrorAfter = Error(temperature),
        };

        double Error(double divisor)
        {
            var (confidences, predicted) = TemperatureScaling.ToProbabilities(outputs.Logits, divisor).max(1);
            return CalibrationReport.Of(confidences.data<double>().ToArray(), predicted.eq(outputs.Labels).data<bool>().ToArray()).Error;
        }
    }

    // Evenly spaced: neighbours in a folder of photos are often of the same scene.
    private static long[] Thin(long[] indices, int most) => indices.Length <= most
        ? indices
        : [.. Enumerable.Range(0, most).Select(i => indices[(int)((long)i * indices.Length / most)])];
}
