// Trains the DCGAN on MNIST for a few epochs and draws digits that nobody ever wrote: SampleDigits [EPOCHS [DATA]]
using PhotoMl;
using PhotoMl.Sampling;
using PhotoMl.Training;

var options = new GeneratorRunOptions
{
    Training = new GanTrainingOptions { Epochs = args.Length > 0 ? int.Parse(args[0]) : 3 },
    Messages = new SynchronousProgress<StatusMessage>(message => Console.WriteLine(message.Text)),
};

// "auto" is MNIST, or the built-in digits where it can be neither found nor downloaded. The run is written below runs/.
using var run = GeneratorRun.Start(args.Length > 1 ? args[1] : "auto", options: options);
var result = run.Train(new SynchronousProgress<GanProgress>(progress =>
{
    if (progress.Completed is { } epoch)
    {
        Console.WriteLine(
            $"epoch {epoch.Epoch}: D(x) {epoch.RealScore:F2}, D(G(z)) {epoch.GeneratedScore:F2}, diversity {epoch.Diversity:F2}");
    }
}));

using var generator = Generator.Load(run.Folder.ModelPath);
generator.SampleGrid("digits.png", new SampleOptions { Seed = 7, Count = 64 }, columns: 8, scale: 2);
Console.WriteLine($"digits.png shows 64 digits; {result.ImagesPerSecond:F0} images/s");
