namespace PhotoMl.Tests.Data;

public sealed class DatasetCatalogTests
{
    [Fact]
    public void The_catalog_knows_mnist_fashion_mnist_and_digits_in_upper_case_too()
    {
        var catalog = DatasetCatalog.Default;
        Assert.Equal(["mnist", "fashion-mnist", "digits"], catalog.Entries.Select(entry => entry.Id));
        Assert.Equal("mnist", catalog.Find("MNIST")?.Id);
        Assert.Null(catalog.Find("mnist2"));
        Assert.True(catalog.Find("digits")!.IsBuiltIn);
        Assert.Equal(8, catalog.Entries.SelectMany(entry => entry.Files).DistinctBy(file => file.Sha256).Count());
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
        Assert.All(entry.Mirrors, mirror => Assert.Matches("^https?://.*/$", mirror.OriginalString));
    }
}
