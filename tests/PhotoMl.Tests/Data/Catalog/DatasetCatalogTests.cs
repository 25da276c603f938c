using PhotoMl.Data;

namespace PhotoMl.Tests.Data;

public sealed class DatasetCatalogTests
{
    [Fact]
    public void The_catalogue_knows_mnist_fashion_mnist_and_digits() =>
        Assert.Equal(["mnist", "fashion-mnist", "digits"], DatasetCatalog.Default.Entries.Select(entry => entry.Id));

    [Fact]
    public void An_id_is_found_in_upper_case_too()
    {
        Assert.Equal("mnist", DatasetCatalog.Default.Find("MNIST")?.Id);
        Assert.Null(DatasetCatalog.Default.Find("mnist2"));
    }

    [Theory]
    [InlineData("mnist", "CC BY-SA 3.0")]
    [InlineData("fashion-mnist", "MIT")]
    public void An_entry_with_files_is_complete(string id, string licence)
    {
        var entry = DatasetCatalog.Default.Find(id)!;

        Assert.Equal(licence, entry.Licence);
        Assert.Equal((28, 28, 10), (entry.Height, entry.Width, entry.ClassNames.Distinct().Count()));
        Assert.Equal(Enum.GetValues<DatasetFileRole>(), entry.Files.Select(file => file.Role));
        Assert.Equal([47040016, 60008, 7840016, 10008], entry.Files.Select(file => file.ByteCount));
        Assert.All(entry.Files, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
        Assert.All(entry.Files, file => Assert.Equal(DatasetFolder.IdxNames[file.Role], file.Name));
        Assert.True(entry.Mirrors.Count >= 2);
        Assert.All(entry.Mirrors, mirror => Assert.True(mirror.IsAbsoluteUri && mirror.AbsoluteUri.EndsWith('/')));
        Assert.All(entry.Mirrors, mirror => Assert.Contains(mirror.Scheme, (string[])["http", "https"]));
    }

    [Fact]
    public void No_two_files_share_a_hash()
    {
        var hashes = DatasetCatalog.Default.Entries.SelectMany(entry => entry.Files).Select(file => file.Sha256).ToList();
        Assert.Equal(8, hashes.Distinct().Count());
    }

    [Fact]
    public void An_address_is_the_mirrors_with_the_compressed_name()
    {
        var entry = DatasetCatalog.Default.Find("mnist")!;
        Assert.Equal(
            "https://storage.googleapis.com/cvdf-datasets/mnist/t10k-labels-idx1-ubyte.gz", entry.AddressesOf(entry.Files[3]).First().AbsoluteUri);
    }

    [Fact]
    public void Digits_are_built_in() => Assert.True(DatasetCatalog.Default.Find("digits")!.IsBuiltIn);
}
