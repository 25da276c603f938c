using System.IO.Compression;
using SkiaSharp;

namespace PhotoMl.Cli.Tests;

/// <summary>A seed gives what it gave in version 0.1, but for rounding, and a model file of 0.1 computes what it did; the values were printed by 0.1.</summary>
[Collection(TorchCollection.Name)]
public sealed class Version01Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Run => _folder.File("run");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("convnet", "28", "200", 1e-4, 2.330405347334231, 2.2917350320255054, 2.2681114882994056)]
    [InlineData("resnet18", "32", "60", 0.02, 2.592554811997847, 1.913923454284668, 2.2285119794848423)]
    public void A_seed_trains_the_same_classifier(
        string network, string size, string images, double tolerance, double training, double validation, double test)
    {
        Assert.Equal(0, Tool.Run(
            "train-cnn", "--data", "digits", "--network", network, "--image-size", size, "--limit", images, "--epochs", "1", "--seed", "3",
            "--batch-size", network == "convnet" ? "32" : "16", "--precision", "float32", "--threads", "1", "--output", Run).ExitCode);
        var evaluated = Tool.Run("evaluate", Run, "--data", "digits", "--limit", "200", "--threads", "1", "--json");

        Assert.Equal(training, Metric("train_loss"), tolerance);
        Assert.Equal(validation, Metric("validation_loss"), tolerance);
        Assert.Equal(test, evaluated.Json.GetProperty("loss").GetDouble(), tolerance);
    }

    [Fact]
    public void A_seed_trains_the_same_generator_which_generates_the_same_images()
    {
        Assert.Equal(0, Tool.Run(
            "train-gan", "--data", "digits", "--limit", "64", "--epochs", "1", "--batch-size", "16", "--seed", "3", "--ema-decay", "0",
            "--precision", "float32", "--threads", "1", "--output", Run).ExitCode);
        var grid = _folder.File("grid.png");
        Assert.Equal(0, Tool.Run(
            "sample", Run, "--count", "4", "--rows", "2", "--seed", "1", "--scale", "1", "--threads", "1", "--grid", grid).ExitCode);

        Assert.Equal(1.3211748600006104, Metric("discriminator_loss"), 1e-3);
        Assert.Equal(0.6688246876001358, Metric("generator_loss"), 1e-3);
        Assert.Equal(126.4186, MeanOf(grid), 0.1);
    }

    [Fact]
    public void Model_files_of_0_1_load_and_compute_the_same()
    {
        var grid = _folder.File("grid.png");
        Assert.Equal(0, Tool.Run(
            "sample", Unpack("generator"), "--count", "2", "--seed", "1", "--scale", "1", "--threads", "1", "--grid", grid).ExitCode);
        var predicted = Tool.Run("predict", Unpack("classifier"), grid, "--json");

        Assert.Equal(128.5226, MeanOf(grid), 0.01);
        Assert.Equal("fox", predicted.Json.GetProperty("label").GetString());
        Assert.Equal(0.361294396715828, predicted.Json.GetProperty("probability").GetDouble(), 1e-4);
    }

    private double Metric(string column)
    {
        var lines = File.ReadAllLines(Path.Combine(Run, "metrics.csv"));
        return double.Parse(lines[^1].Split(',')[Array.IndexOf(lines[0].Split(','), column)], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static double MeanOf(string png)
    {
        using var image = SKBitmap.Decode(png);
        return image.Pixels.Average(pixel => pixel.Red);
    }

    private string Unpack(string name)
    {
        var path = _folder.File($"{name}.safetensors");
        var source = Path.Combine(AppContext.BaseDirectory, "of-0.1", $"{name}.safetensors.gz");
        using var packed = new GZipStream(File.OpenRead(source), CompressionMode.Decompress);
        using var file = File.Create(path);
        packed.CopyTo(file);
        return path;
    }
}
