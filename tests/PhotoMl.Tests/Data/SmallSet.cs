namespace PhotoMl.Tests.Data;

/// <summary>A known data set of a few 4x5 images, with its bytes at hand.</summary>
internal sealed class SmallSet
{
    public const int TrainCount = 40;
    public const int TestCount = 20;

    public SmallSet(string id = "mnist", params Uri[] mirrors)
    {
        Content = new Dictionary<DatasetFileRole, byte[]>
        {
            [DatasetFileRole.TrainImages] = Images(TrainCount, 1),
            [DatasetFileRole.TrainLabels] = IdxBytes.Labels(LabelsOf(TrainCount)),
            [DatasetFileRole.TestImages] = Images(TestCount, 2),
            [DatasetFileRole.TestLabels] = IdxBytes.Labels(LabelsOf(TestCount)),
        };
        Entry = DatasetCatalog.Default.Find("mnist")! with
        {
            Id = id,
            Height = 4,
            Width = 5,
            Mirrors = mirrors,
            Files = [.. Content.Select(item => new DatasetFile(
                item.Key, DatasetFolder.IdxNames[item.Key], item.Value.Length, Convert.ToHexStringLower(SHA256.HashData(item.Value))))],
        };
        Catalog = new DatasetCatalog([Entry, DatasetCatalog.Default.Find("digits")!]);
    }

    public DatasetEntry Entry { get; }

    public DatasetCatalog Catalog { get; }

    public Dictionary<DatasetFileRole, byte[]> Content { get; }

    public DatasetFile File(DatasetFileRole role) => Entry.Files.First(file => file.Role == role);

    /// <summary>Writes the set's files into a folder, some raw and some gzip.</summary>
    public void WriteTo(string folder, params DatasetFileRole[] without)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Entry.Files.Where(file => !without.Contains(file.Role)))
        {
            var compress = file.Role is DatasetFileRole.TrainImages or DatasetFileRole.TestLabels;
            var path = Path.Combine(folder, compress ? file.Name + ".gz" : file.Name);
            System.IO.File.WriteAllBytes(path, compress ? IdxBytes.Gzip(Content[file.Role]) : Content[file.Role]);
        }
    }

    private static byte[] LabelsOf(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];

    private static byte[] Images(int count, int seed)
    {
        var pixels = new byte[count * 20];
        new Random(seed).NextBytes(pixels);
        return IdxBytes.Of(0x803, [(uint)count, 4, 5], pixels);
    }
}
