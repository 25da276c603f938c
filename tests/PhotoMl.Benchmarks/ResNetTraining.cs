using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Benchmarks;

/// <summary>The library's own trainer, of the residual network, with the plain loop's work: Adam alone.</summary>
internal sealed class ResNetTraining : IWorkload
{
    private const int Images = 4096;

    private readonly HeldTraining<ClassifierProgress> _training;

    public ResNetTraining(Precision precision)
    {
        var options = new ClassifierTrainingOptions
        {
            Precision = precision,
            Epochs = 1000,
            BatchSize = ResNetPhotos.BatchSize,
            Optimizer = OptimizerKind.Adam,
            Schedule = ScheduleKind.Constant,
            LearningRate = 0.001,
            WeightDecay = 0,
            EmaDecay = 0,
            Augmentation = AugmentationOptions.None,
        };
        var data = ResNetPhotos.Create(Images);
        var trainer = new ClassifierTrainer(ImageClassifier.Create(ResNetPhotos.Network), options);
        _training = new HeldTraining<ClassifierProgress>(progress => trainer.Fit(data, progress: progress), report => report.Completed is null);
    }

    public TimeSpan Run(int steps) => _training.Run(steps);
}
