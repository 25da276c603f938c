using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>How well a classifier that has seen generated images only does on real ones.</summary>
/// <remarks>
/// S. Ravuri, O. Vinyals, "Classification Accuracy Score for Conditional Generative Models", NeurIPS 2019: a generator that leaves out what some images of a class
/// look like, or mixes classes up, leads the classifier astray.
/// </remarks>
public static class ClassificationAccuracyScore
{
    /// <summary>Trains a classifier on generated images and evaluates it on real test images.</summary>
    /// <param name="generated">Generated images with the classes they were asked for.</param>
    /// <param name="test">Real images, of the same size and classes.</param>
    /// <param name="options">How the classifier is trained; its validation images are generated ones too. Null for the defaults.</param>
    /// <param name="progress">Is given a report after every step and every epoch, on this thread.</param>
    /// <param name="cancellationToken">Stops after the step under way.</param>
    /// <returns>The evaluation of the classifier on the test images.</returns>
    /// <exception cref="ArgumentException">The images do not fit each other, or there are too few.</exception>
    /// <exception cref="TrainingDivergedException">The classifier's loss is no longer a finite number.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClassificationReport Measure(
        ImageDataset generated,
        ImageDataset test,
        ClassifierTrainingOptions? options = null,
        IProgress<ClassifierProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(test);
        options ??= new ClassifierTrainingOptions();
        using var model = ImageClassifier.Create(ClassifierOptions.For(generated), options.Seed);
        using var trainer = new ClassifierTrainer(model, options);
        trainer.Fit(generated, progress: progress, cancellationToken: cancellationToken);
        return ClassifierEvaluator.Evaluate(model, test, cancellationToken: cancellationToken);
    }
}
