// Trains a ResNet-18 on your own photos, a folder for each class, and keeps the model: TrainOnFolder PHOTOS RUN [EPOCHS [SIDE]]
using PhotoMl;
using PhotoMl.Data;
using PhotoMl.IO;
using PhotoMl.Models;
using PhotoMl.Quality;
using PhotoMl.Training;

if (args.Length is < 2 or > 4)
{
    Console.Error.WriteLine("usage: TrainOnFolder PHOTOS RUN [EPOCHS, default 45 [SIDE in pixels, default 96]]");
    return 1;
}

try
{
    return Run(args);
}
catch (Exception exception) when (exception is PhotoMlException or ArgumentException or FormatException)
{
    // What is wrong with a file, a folder or a number, in one line.
    Console.Error.WriteLine(exception.Message);
    return 2;
}

static int Run(string[] args)
{
    var (photos, folder) = (args[0], args[1]);
    var options = ClassifierTrainingOptions.ForPhotos with { Epochs = args.Length > 2 ? int.Parse(args[2]) : 45, PhotoAugmentation = new PhotoAugmentationOptions() };

    if (OutputGuard.FindInput(folder, [photos]) is not null)
    {
        Console.Error.WriteLine($"{folder}: expected a folder outside of {photos}, which is read");
        return 1;
    }

    // What leaks from training into validation, or is labelled two ways, must be known before anything is trained on it.
    var report = PhotoCheck.Run(PhotoList.Open(photos));
    foreach (var warning in report.Warnings)
    {
        Console.WriteLine($"mind: {warning}");
    }

    // Each photo is decoded once, into a file that is mapped into memory; one that cannot be read is left out and named.
    using var data = DatasetLoader.Load(photos, new DatasetLoadOptions { ImageSize = args.Length > 3 ? int.Parse(args[3]) : 96 });
    foreach (var file in data.Skipped)
    {
        Console.WriteLine($"left out {file.Path}: {file.Problem}");
    }

    // Where no folder says which photos choose the best epoch, near duplicates and bursts stay on one side: on both they would flatter.
    var (train, validation) = (data.Train, data.Validation);
    if (validation is null)
    {
        var groupOf = report.Photos.Index().ToDictionary(photo => photo.Item.Photo.Path, photo => report.GroupOf[photo.Index]);
        int[] groups = [.. train.Paths!.Select((path, i) => groupOf.TryGetValue(path, out var group) ? group : -1 - i)]; // a photo that came since is alone
        var split = GroupedSplit.ByFraction(train.Labels.data<long>().ToArray(), groups, options.ValidationShare, options.Seed);
        (train, validation) = (train.Select(split.Train), train.Select(split.Validation));
    }

    using var model = ImageClassifier.Create(ClassifierOptions.For(data.Train, ClassifierArchitecture.Resnet18), options.Seed);
    using var run = RunFolder.Create(folder);
    using var trainer = new ClassifierTrainer(model, options);
    var result = trainer.Fit(train, run, new EpochPrinter(), validation);

    // Accuracy alone flatters where one class has most of the photos.
    Console.WriteLine($"{result.Validation.Accuracy:P1} of {result.ValidationImages:N0} validation photos right, {result.Validation.BalancedAccuracy:P1} with every class counting the same");
    foreach (var metrics in result.Validation.PerClass)
    {
        Console.WriteLine($"  {metrics.Name}: {metrics.Recall:P0} of {metrics.Support} found");
    }

    Console.WriteLine($"the model: {run.ModelPath}");
    return 0;
}

internal sealed class EpochPrinter : IProgress<ClassifierProgress>
{
    public void Report(ClassifierProgress value)
    {
        if (value.Completed is { } epoch)
        {
            Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.TrainLoss:F4}, validation accuracy {epoch.ValidationAccuracy:P1}");
        }
    }
}
