using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Writes the model of a classifier's run to its folder; without a folder it writes nothing.</summary>
internal sealed class ClassifierRunWriter(
    RunFolder? run, RunInfo<ClassifierOptions, ClassifierTrainingOptions> info, RunState<EpochReport> state, ImageDataset data,
    int[] trainCounts)
{
    public void SaveModel(ImageClassifier model)
    {
        if (run is not null)
        {
            ClassifierFile.Save(run.ModelPath, model, DescribeModel(calibration: null));
        }
    }

    /// <summary>Writes a model with finite weights and logits, from the checkpoint, where there is none of an epoch.</summary>
    public string? SaveLastGood()
    {
        if (run is not null && !File.Exists(run.ModelPath) && File.Exists(run.CheckpointPath))
        {
            using var checkpoint = ClassifierTrainer.OpenCheckpoint(run.CheckpointPath);
            using var model = ImageClassifier.CreateBlank(info.Network);
            NetworkWeights.CopyTo(checkpoint.Reader, ClassifierTrainer.ModelPrefix, model);

            // The last weights before a run diverges may be finite and yet too large to compute with; those it began with are not.
            if (!GoldenSample.Take(model).Logits.All(float.IsFinite))
            {
                NetworkWeights.CopyTo(checkpoint.Reader, RunWeights.KeptPrefix + ClassifierTrainer.ModelPrefix, model);
            }

            SaveModel(model);
        }

        return File.Exists(run?.ModelPath) ? run.ModelPath : null;
    }

    /// <summary>Calibrates the best model and writes it once more, for good.</summary>
    public ClassifierInfo SaveCalibrated(
        ImageClassifier model, long[] trained, ImageDataset validation, CancellationToken cancellationToken)
    {
        if (run is null)
        {
            return DescribeModel(ClassifierCalibrator.FitTemperature(model, validation, cancellationToken));
        }

        var calibration = ClassifierCalibrator.Calibrate(model, data, trained, validation, out var reference, cancellationToken);
        using (reference)
        {
            var calibrated = DescribeModel(calibration);
            if (!IsCalibrated(run.ModelPath, calibration))
            {
                ClassifierFile.Save(run.ModelPath, model, calibrated, reference);
            }

            return calibrated;
        }
    }

    private ClassifierInfo DescribeModel(CalibrationInfo? calibration) => new()
    {
        Network = info.Network,
        ClassNames = data.ClassNames,
        Preprocessing = data.Preprocessing,
        Training = info.Summarize(trainCounts.Sum(), state.KeptEpoch) with { ClassCounts = trainCounts },
        Scores = new ClassifierScores
        {
            ValidationAccuracy = state.Kept?.ValidationAccuracy,
            ValidationBalancedAccuracy = state.Kept?.ValidationBalancedAccuracy,
            ValidationLoss = state.Kept?.ValidationLoss,
        },
        Calibration = calibration,
    };

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
}
