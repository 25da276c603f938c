using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Writes a classifier's run to its folder; without a folder it writes nothing.</summary>
internal sealed class ClassifierRunWriter(
    RunFolder? run, ClassifierCheckpointInfo info, ClassifierState state, ClassifierTrainingWeights weights, ImageDataset data, int[] trainCounts, TimeSpan interval)
{
    private readonly CheckpointTimer _timer = new(interval, TimeProvider.System);
    private readonly EventLog? _events = run is null ? null : new EventLog(run);

    /// <summary>Writes a checkpoint.</summary>
    /// <exception cref="TrainingDivergedException">The weights are not finite; the checkpoint before stays.</exception>
    public void SaveCheckpoint()
    {
        if (run is null)
        {
            return;
        }

        if (!weights.AreFinite())
        {
            throw new TrainingDivergedException(state.Epoch, state.Step, double.NaN, KeepLastGood());
        }

        state.OptimizerSteps = weights.Optimizer.Steps;
        Checkpoint<ClassifierCheckpointInfo, ClassifierState>.Write(run.CheckpointPath, info, state, weights.Named());
        _timer.Restart();
    }

    /// <summary>Writes a checkpoint if the last one is old enough.</summary>
    public void SaveCheckpointIfDue()
    {
        if (_timer.IsDue)
        {
            SaveCheckpoint();
        }
    }

    /// <summary>Writes what an epoch gave: the model if it is the best so far, the metrics, the events, a checkpoint.</summary>
    public void SaveEpoch(EpochReport report)
    {
        if (run is null)
        {
            return;
        }

        if (state.BestEpoch == report.Epoch)
        {
            SaveModel(run, weights.Best);
        }

        run.WriteMetrics(state.History);
        _events?.Write(state.History);
        SaveCheckpoint();
    }

    /// <summary>Makes sure that a model with finite weights and logits is on disk.</summary>
    /// <returns>Its path; null where nothing is written, or no weights were ever finite.</returns>
    public string? KeepLastGood()
    {
        if (run is not null && !File.Exists(run.ModelPath) && File.Exists(run.CheckpointPath))
        {
            using var checkpoint = Checkpoint<ClassifierCheckpointInfo, ClassifierState>.Open(run.CheckpointPath);
            using var model = ImageClassifier.CreateBlank(info.Network);
            ClassifierTrainingWeights.ReadModel(checkpoint.Reader, model);

            // The last weights before a run diverges may be finite and yet too large to compute with; those it began with are not.
            if (!GoldenSample.Take(model).IsFinite)
            {
                ClassifierTrainingWeights.ReadBest(checkpoint.Reader, model);
            }

            SaveModel(run, model);
        }

        return File.Exists(run?.ModelPath) ? run.ModelPath : null;
    }

    /// <summary>Says what a model file stores beside the weights.</summary>
    private ClassifierInfo DescribeModel() => new()
    {
        Network = info.Network,
        ClassNames = data.ClassNames,
        Preprocessing = data.Preprocessing,
        Training = info.Summarize(trainCounts.Sum(), state.BestEpoch, info.Options.Seed, info.Options) with { ClassCounts = trainCounts },
        Scores = new ClassifierScores
        {
            ValidationAccuracy = state.Best?.ValidationAccuracy,
            ValidationBalancedAccuracy = state.Best?.ValidationBalancedAccuracy,
            ValidationLoss = state.Best?.ValidationLoss,
        },
    };

    /// <summary>Calibrates the best model and writes it once more, for good.</summary>
    /// <param name="model">The classifier, with the best weights.</param>
    /// <param name="trained">Which of the training images it was trained on.</param>
    /// <param name="validation">The images that the best epoch was chosen by.</param>
    /// <param name="cancellationToken">Stops between two batches, with the model as it was.</param>
    /// <returns>What the model file stores beside the weights.</returns>
    public ClassifierInfo SaveCalibrated(ImageClassifier model, long[] trained, ImageDataset validation, CancellationToken cancellationToken)
    {
        if (run is null)
        {
            return DescribeModel() with { Calibration = ClassifierCalibrator.FitTemperature(model, validation, cancellationToken) };
        }

        var calibration = ClassifierCalibrator.Calibrate(model, data, trained, validation, out var reference, cancellationToken);
        using (reference)
        {
            var calibrated = DescribeModel() with { Calibration = calibration };
            if (!IsCalibrated(run.ModelPath, calibration))
            {
                ClassifierFile.Save(run.ModelPath, model, calibrated, reference);
            }

            return calibrated;
        }
    }

    // A run that was over already may have test scores in its file.
    private static bool IsCalibrated(string path, CalibrationInfo calibration)
    {
        try
        {
            return ClassifierFile.ReadCalibration(path) == calibration;
        }
        catch (InvalidModelException)
        {
            return false;
        }
    }

    private void SaveModel(RunFolder folder, ImageClassifier model) => ClassifierFile.Save(folder.ModelPath, model, DescribeModel());
}
