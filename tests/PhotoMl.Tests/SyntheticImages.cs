namespace PhotoMl.Tests;

/// <summary>Noisy images with a bright spot whose place shows the class, so that a network can learn them in a few steps.</summary>
internal static class SyntheticImages
{
    public static ImageDataset Create(int count, long seed = 1, int classes = 4, int channels = 1, int height = 28, int width = 28)
    {
        var random = new DeterministicRandom(seed);
        var size = channels * height * width;
        var pixels = new byte[count * size];
        var labels = new long[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % classes;
            Draw(pixels.AsSpan(i * size, size), (double)labels[i] / classes, height, width, random);
        }

        using var scope = NewDisposeScope();
        return new ImageDataset(
            $"synthetic {seed}",
            tensor(pixels, [count, channels, height, width], ScalarType.Byte),
            tensor(labels),
            [.. Enumerable.Range(0, classes).Select(index => $"class {index}")]);
    }

    private static void Draw(Span<byte> image, double turn, int height, int width, DeterministicRandom random)
    {
        var (sin, cos) = Math.SinCos(2 * Math.PI * turn);
        var row = (height / 2) + (height / 4 * sin) + random.NextDouble(-2, 2);
        var column = (width / 2) + (width / 4 * cos) + random.NextDouble(-2, 2);
        for (var i = 0; i < image.Length; i++)
        {
            var (y, x) = (i / width % height, i % width);
            var distance = ((y - row) * (y - row)) + ((x - column) * (x - column));
            image[i] = (byte)((180 * Math.Exp(-distance / 12)) + random.NextInt32(60));
        }
    }
}

/// <summary>A folder of the four IDX files with such images.</summary>
internal static class IdxFolder
{
    public static string Write(string folder, int train = 160, int test = 40)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "train", train, seed: 1);
        Write(folder, "t10k", test, seed: 2);
        return folder;
    }

    private static void Write(string folder, string part, int count, long seed)
    {
        using var images = SyntheticImages.Create(count, seed);
        var pixels = IdxBytes.Of(0x803, [(uint)count, 28, 28], images.Images.bytes.ToArray());
        File.WriteAllBytes(Path.Combine(folder, $"{part}-images-idx3-ubyte"), pixels);
        var labels = IdxBytes.Labels([.. images.Labels.data<long>().Select(label => (byte)label)]);
        File.WriteAllBytes(Path.Combine(folder, $"{part}-labels-idx1-ubyte"), labels);
    }
}
