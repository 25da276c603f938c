using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Writes the model of a classifier's run to its folder; without a folder it writes nothing.</summary>
internal sealed class ClassifierRunWriter(RunFolder? run, ClassifierCheckpointInfo info, ClassifierState state, ImageDataset data, int[] trainCounts)
{
    public void SaveModel(ImageClassifier model)
    {
        if (run is not null)
        {
            ClassifierFile.Save(run.ModelPath, model, DescribeModel());
        }
    }

    /// <summary>Writes a model with finite weights and logits, from the checkpoint, where there is none of an epoch.</summary>
    public string? SaveLastGood()
    {
        if (run is not null && !File.Exists(run.ModelPath) && File.Exists(run.CheckpointPath))
        {
            using var checkpoint = ClassifierCheckpointInfo.Open(run.CheckpointPath);
            using var model = ImageClassifier.CreateBlank(info.Network);
            NetworkWeights.CopyTo(checkpoint.Reader, ClassifierWeights.ModelPrefix, model);

            // The last weights before a run diverges may be finite and yet too large to compute with; those it began with are not.
            if (!GoldenSample.Take(model).IsFinite)
            {
                NetworkWeights.CopyTo(checkpoint.Reader, ClassifierWeights.BestPrefix, model);
            }

            SaveModel(model);
        }

        return File.Exists(run?.ModelPath) ? run.ModelPath : null;
    }

    /// <summary>Calibrates the best model and writes it once more, for good.</summary>
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
