// Trains a ResNet-18 on your own photos, a folder for each class, and keeps the model: TrainOnFolder PHOTOS RUN [EPOCHS [SIDE]]
using PhotoMl;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

if (args.Length is < 2 or > 4)
{
    Console.Error.WriteLine("usage: TrainOnFolder PHOTOS RUN [EPOCHS, default 45 [SIDE in pixels, default 96]]");
    return 1;
}

try
{
    var options = new ClassifierRunOptions
    {
        Network = ClassifierArchitecture.ResNet18,
        Training = defaults => args.Length > 2 ? defaults with { Epochs = int.Parse(args[2]) } : defaults,
        Loading = new DatasetLoadOptions { ImageSize = args.Length > 3 ? int.Parse(args[3]) : 96 },
        Messages = new SynchronousProgress<StatusMessage>(message => Console.WriteLine(message.Text)), // what was left out, what leaks
    };
    using var run = ClassifierRun.Start(args[0], args[1], options);
    var result = run.Train(new SynchronousProgress<ClassifierProgress>(progress =>
    {
        if (progress.Completed is { } epoch)
        {
            Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.TrainLoss:F4}, validation accuracy {epoch.ValidationAccuracy:P1}");
        }
    })).Training;

    // Accuracy alone flatters where one class has most of the photos.
    Console.WriteLine(
        $"{result.Validation.Accuracy:P1} of {result.ValidationImages:N0} validation photos right, "
        + $"{result.Validation.BalancedAccuracy:P1} with every class counting the same");
    foreach (var metrics in result.Validation.PerClass)
    {
        Console.WriteLine($"  {metrics.Name}: {metrics.Recall:P0} of {metrics.Support} found");
    }

    Console.WriteLine($"the model: {run.Folder.ModelPath}");
    return 0;
}
catch (Exception exception) when (exception is PhotoMlException or ArgumentException or FormatException)
{
    // What is wrong with a file, a folder or a number, in one line.
    Console.Error.WriteLine(exception.Message);
    return 2;
}
