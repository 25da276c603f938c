using System.IO.Compression;

namespace PhotoMl.Cli.Tests;

/// <summary>A seed gives what it gave in version 0.1, but for rounding, and a model file of 0.1 computes what it did; the values were
/// printed by 0.1.</summary>
[Collection(TorchCollection.Name)]
public class Version01Tests : FolderTests
{
    private string Run => Folder.File("run");

    [Fact]
    public void A_seed_trains_the_same_convnet() =>
        AssertTrainsTheSame("convnet", 28, 120, 1e-4, 1.42373225255446, 1.4243728637695312, 1.3868004013006794);

    [SlowFact] // its convolutions round otherwise now
    public void A_seed_trains_the_same_resnet18() =>
        AssertTrainsTheSame("resnet18", 32, 40, 0.1, 1.4365471827017295, 1.2573128541310628, 0.958918183452272);

    [Fact]
    public void A_seed_trains_the_same_generator_which_generates_the_same_images()
    {
        // Which 0.1 trained with --conditional.
        Tool.Succeed(
            $"train-gan --data {WriteSet()} --limit 64 --epochs 1 --batch-size 16 --seed 3 --ema-decay 0 --precision float32 --threads 1"
            + $" --output {Run}");
        var grid = Folder.File("grid.png");
        Tool.Succeed($"sample {Run} --count 4 --rows 2 --seed 1 --scale 1 --threads 1 --grid {grid}");

        Assert.Equal(1.3717068433761597, Metric("discriminator_loss"), 1e-3);
        Assert.Equal(0.7343564927577972, Metric("generator_loss"), 1e-3);
        Assert.Equal(127.1404, MeanOf(grid), 0.1);
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

    private void AssertTrainsTheSame(
        string network, int size, int images, double tolerance, double training, double validation, double test)
    {
        Tool.Succeed(
            $"train-cnn --data {WriteSet()} --network {network} --image-size {size} --epochs 1 --limit {images} --seed 3"
            + $" --learning-rate 0.003 --label-smoothing 0 --batch-size {(network == "convnet" ? 32 : 16)} --precision float32 --threads 1"
            + $" --output {Run}");
        var evaluated = Tool.Succeed($"evaluate {Run} --threads 1 --json");

        Assert.Equal(training, Metric("train_loss"), tolerance);
        Assert.Equal(validation, Metric("validation_loss"), tolerance);
        Assert.Equal(test, evaluated.Json.Number("loss"), tolerance);
    }

    // Images that four rules of their row draw.
    private string WriteSet()
    {
        var folder = Directory.CreateDirectory(Folder.File("data")).FullName;
        foreach (var (part, first, count) in new[] { ("train", 0, 120), ("t10k", 1000, 40) })
        {
            var pixels = new byte[count * 28 * 28];
            for (var at = 0; at < pixels.Length; at++)
            {
                var (i, y, x) = (first + (at / (28 * 28)), at / 28 % 28, at % 28);
                pixels[at] = (byte)((i * 37) + (y * 11 * ((i % 4) + 1)) + (x * 5));
            }

            var labels = Enumerable.Range(first, count).Select(i => (byte)(i % 4)).ToArray();
            Bars.WriteIdx(Path.Combine(folder, $"{part}-images-idx3-ubyte"), pixels, count, 28, 28);
            Bars.WriteIdx(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), labels, count);
        }

        return folder;
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
