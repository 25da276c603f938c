using System.Diagnostics;
using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Writes a classifier's run to its folder; without a folder it writes nothing.</summary>
internal sealed class ClassifierRunWriter(
    RunFolder? run, CheckpointInfo info, TrainingState state, TrainingWeights weights, ImageDataset data, int trainImages, TimeSpan interval)
{
    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();

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
        ClassifierCheckpoint.Write(run.CheckpointPath, info, state, weights);
        _sinceCheckpoint.Restart();
    }

    /// <summary>Writes a checkpoint if the last one is old enough.</summary>
    public void SaveCheckpointIfDue()
    {
        if (_sinceCheckpoint.Elapsed >= interval)
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
            using var checkpoint = ClassifierCheckpoint.Open(run.CheckpointPath);
            using var model = new ConvClassifier(info.Network);
            TrainingWeights.ReadModel(checkpoint.Reader, model);

            // The last weights before a run diverges may be finite and yet too large to compute with; those it began with are not.
            if (!GoldenSample.Take(model, data.Images).IsFinite)
            {
                TrainingWeights.ReadBest(checkpoint.Reader, model);
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
        Training = new TrainingSummary
        {
            Data = info.Data,
            Notice = info.Notice,
            TrainImages = trainImages,
            Epoch = state.BestEpoch,
            Seed = info.Options.Seed,
            Precision = info.Precision,
            Threads = info.Threads,
            Version = typeof(ClassifierRunWriter).Assembly.GetName().Version!.ToString(3),
            Options = JsonSerializer.SerializeToElement(info.Options, PhotoMlJson.Line),
        },
        Scores = new ClassifierScores { ValidationAccuracy = state.Best?.ValidationAccuracy, ValidationLoss = state.Best?.ValidationLoss },
    };
}
