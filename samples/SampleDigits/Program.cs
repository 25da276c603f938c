// Trains the DCGAN on MNIST for a few epochs and draws digits that nobody ever wrote: SampleDigits [EPOCHS [DATA]]
using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Sampling;
using PhotoMl.Training;

var options = new GanTrainingOptions { Epochs = args.Length > 0 ? int.Parse(args[0]) : 3 };

// "auto" is MNIST, or the built-in digits where it can be neither found nor downloaded.
using var data = DatasetLoader.Load(args.Length > 1 ? args[1] : "auto");
if (data.Notice is { } notice)
{
    Console.WriteLine(notice);
}

var (generator, discriminator) = GanTrainer.CreateNetworks(new DcganOptions { ProjectionClasses = data.Train.ClassNames.Count }, options.Seed);
using var trainer = new GanTrainer(generator, discriminator, options);
var result = trainer.Fit(data.Train, progress: new EpochPrinter());

using var images = GeneratorSampler.Sample(generator, new SampleOptions { Seed = 7, Count = 64 });
ImageGrid.WritePng("digits.png", images.bytes, channels: 1, generator.Options.Height, generator.Options.Width, columns: 8, scale: 2);
Console.WriteLine($"digits.png shows 64 digits; {result.ImagesPerSecond:F0} images/s");

internal sealed class EpochPrinter : IProgress<GanProgress>
{
    public void Report(GanProgress value)
    {
        if (value.Completed is { } epoch)
        {
            Console.WriteLine($"epoch {epoch.Epoch}: D(x) {epoch.RealScore:F2}, D(G(z)) {epoch.GeneratedScore:F2}, variety {epoch.Diversity:F2}");
        }
    }
}
