using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Writes a classifier's run to its folder; without a folder it writes nothing.</summary>
internal sealed class ClassifierRunWriter(
    RunFolder? run, ClassifierCheckpointInfo info, ClassifierState state, ClassifierTrainingWeights weights, ImageDataset data, int trainImages, TimeSpan interval)
{
    private readonly CheckpointTimer _timer = new(interval);

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

    /// <summary>Writes what an epoch gave: the model if it is the best so far, the metrics, a checkpoint.</summary>
    public void SaveEpoch(EpochReport report, ImageDataset validation)
    {
        if (run is null)
        {
            return;
        }

        if (state.BestEpoch == report.Epoch)
        {
            ClassifierFile.Save(run.ModelPath, weights.Best, DescribeModel(), validation.Images);
        }

        run.WriteMetrics(state.History);
        SaveCheckpoint();
    }

    /// <summary>Makes sure that a model with finite weights and logits is on disk.</summary>
    /// <returns>Its path; null where nothing is written, or no weights were ever finite.</returns>
    public string? KeepLastGood()
    {
        if (run is not null && !File.Exists(run.ModelPath) && File.Exists(run.CheckpointPath))
        {
            using var checkpoint = Checkpoint<ClassifierCheckpointInfo, ClassifierState>.Open(run.CheckpointPath);
            using var model = new ConvClassifier(info.Network);
            ClassifierTrainingWeights.ReadModel(checkpoint.Reader, model);

            // The last weights before a run diverges may be finite and yet too large to compute with; those it began with are not.
            if (!GoldenSample.Take(model, data.Images).IsFinite)
            {
                ClassifierTrainingWeights.ReadBest(checkpoint.Reader, model);
            }

            ClassifierFile.Save(run.ModelPath, model, DescribeModel(), data.Images);
        }

        return File.Exists(run?.ModelPath) ? run.ModelPath : null;
    }

    /// <summary>Says what a model file stores beside the weights.</summary>
    public ClassifierInfo DescribeModel() => new()
    {
        Network = info.Network,
        ClassNames = data.ClassNames,
        Preprocessing = data.Preprocessing,
        Training = info.Summarize(trainImages, state.BestEpoch, info.Options.Seed, info.Options),
        Scores = new ClassifierScores { ValidationAccuracy = state.Best?.ValidationAccuracy, ValidationLoss = state.Best?.ValidationLoss },
    };
}
