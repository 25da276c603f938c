using System.IO.Compression;

namespace PhotoMl.Cli.Tests;

/// <summary>A seed gives what it gave in version 0.1, but for rounding, and a model file of 0.1 computes what it did; the values were
/// printed by 0.1.</summary>
[Collection(TorchCollection.Name)]
public class Version01Tests : FolderTests
{
    private string Run => Folder.File("run");

    [Theory]
    [InlineData("convnet", 28, 200, 32, 1e-4, 2.330405347334231, 2.2917350320255054, 2.2681114882994056)]
    [InlineData("resnet18", 32, 60, 16, 0.02, 2.592554811997847, 1.913923454284668, 2.2285119794848423)]
    public void A_seed_trains_the_same_classifier(
        string network, int size, int images, int batchSize, double tolerance, double training, double validation, double test)
    {
        Tool.Succeed(
            $"train-cnn --data digits --network {network} --image-size {size} --limit {images} --epochs 1 --batch-size {batchSize} --seed 3"
            + $" --precision float32 --threads 1 --output {Run}");
        var evaluated = Tool.Succeed($"evaluate {Run} --data digits --limit 200 --threads 1 --json");

        Assert.Equal(training, Metric("train_loss"), tolerance);
        Assert.Equal(validation, Metric("validation_loss"), tolerance);
        Assert.Equal(test, evaluated.Json.Number("loss"), tolerance);
    }

    [Fact]
    public void A_seed_trains_the_same_generator_which_generates_the_same_images()
    {
        Tool.Succeed(
            $"train-gan --data digits --limit 64 --epochs 1 --batch-size 16 --seed 3 --ema-decay 0 --precision float32 --threads 1"
            + $" --output {Run}");
        var grid = Folder.File("grid.png");
        Tool.Succeed($"sample {Run} --count 4 --rows 2 --seed 1 --scale 1 --threads 1 --grid {grid}");

        Assert.Equal(1.3211748600006104, Metric("discriminator_loss"), 1e-3);
        Assert.Equal(0.6688246876001358, Metric("generator_loss"), 1e-3);
        Assert.Equal(126.4186, MeanOf(grid), 0.1);
    }

    [Fact]
    public void Model_files_of_0_1_load_and_compute_the_same()
    {
        var grid = Folder.File("grid.png");
        Tool.Succeed($"sample {Unpack("generator")} --count 2 --seed 1 --scale 1 --threads 1 --grid {grid}");
        var predicted = Tool.Succeed($"predict {Unpack("classifier")} {grid} --json");

        Assert.Equal(128.5226, MeanOf(grid), 0.01);
        Assert.Equal("fox", predicted.Json.Text("label"));
        Assert.Equal(0.361294396715828, predicted.Json.Number("probability"), 1e-4);
    }

    private double Metric(string column)
    {
        var lines = File.ReadAllLines(Path.Combine(Run, "metrics.csv"));
        return double.Parse(
            lines[^1].Split(',')[Array.IndexOf(lines[0].Split(','), column)], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static double MeanOf(string png)
    {
        using var image = SKBitmap.Decode(png);
        return image.Pixels.Average(pixel => pixel.Red);
    }

    private string Unpack(string name)
    {
        var path = Folder.File($"{name}.safetensors");
        var source = Path.Combine(AppContext.BaseDirectory, "of-0.1", $"{name}.safetensors.gz");
        using var packed = new GZipStream(File.OpenRead(source), CompressionMode.Decompress);
        using var file = File.Create(path);
        packed.CopyTo(file);
        return path;
    }
}
