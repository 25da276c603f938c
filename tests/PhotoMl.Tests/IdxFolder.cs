namespace PhotoMl.Tests;

/// <summary>A folder of the four IDX files with images that a network learns in a few steps.</summary>
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
