// Trains the classifier on MNIST and evaluates it on images it has never seen: TrainMnist [EPOCHS [DATA]]
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Training;

var options = new ClassifierTrainingOptions { Epochs = args.Length > 0 ? int.Parse(args[0]) : 3 };

// "auto" is MNIST, or the built-in digits where it can be neither found nor downloaded.
using var data = DatasetLoader.Load(args.Length > 1 ? args[1] : "auto");
if (data.Notice is { } notice)
{
    Console.WriteLine(notice);
}

using var model = new ConvClassifier(new ClassifierOptions { Classes = data.Train.ClassNames.Count }, options.Seed);
using var trainer = new ClassifierTrainer(model, options);
var result = trainer.Fit(data.Train, progress: new EpochPrinter());
Console.WriteLine($"best epoch {result.Best.Epoch}, {result.ImagesPerSecond:F0} images/s");

var report = ClassifierEvaluator.Evaluate(model, data.Test);
var interval = report.AccuracyInterval;
Console.WriteLine(
    $"test accuracy {report.Accuracy:P2} ({interval.Low:P2} to {interval.High:P2}) on {report.Images} images of {data.Title}");

internal sealed class EpochPrinter : IProgress<ClassifierProgress>
{
    public void Report(ClassifierProgress value)
    {
        if (value.Completed is { } epoch)
        {
            Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.TrainLoss:F4}, validation accuracy {epoch.ValidationAccuracy:P2}");
        }
    }
}
