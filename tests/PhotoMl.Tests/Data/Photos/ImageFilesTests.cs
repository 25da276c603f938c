namespace PhotoMl.Tests.Data;

public sealed class ImageFilesTests : IDisposable
{
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_folder_is_searched_in_ordinal_order_without_hidden_files()
    {
        string[] names = ["b.PNG", "a.jpg", "sub/deep/c.WebP", "sub/d.gif", "Z.bmp", "notes.txt", ".hidden.png", ".git/e.png", "f.jpeg"];
        Array.ForEach(names, name => _fixture.Write(name, []));

        Assert.Equal(["Z.bmp", "a.jpg", "b.PNG", "f.jpeg", "sub/d.gif", "sub/deep/c.WebP"], Names(ImageFiles.Enumerate([_fixture.Folder])));
    }

    [Fact]
    public void A_named_file_is_returned_whatever_its_name()
    {
        string[] paths = [_fixture.Write("z.dat", []), _fixture.Write(".hidden", []), _fixture.Write("a.png", [])];
        Assert.Equal(paths.Select(path => new ImageFileEntry(path)), ImageFiles.Enumerate(paths));
    }

    [Fact]
    public void A_missing_path_and_an_empty_folder_stop_nothing()
    {
        var empty = Directory.CreateDirectory(_fixture.PathOf("empty")).FullName;
        var entries = ImageFiles.Enumerate([_fixture.PathOf("missing.png"), empty, _fixture.Write("a.png", [])]);

        Assert.Equal("there is no such file or folder", entries[0].Problem);
        Assert.StartsWith("the folder holds no image", entries[1].Problem, StringComparison.Ordinal);
        Assert.Null(entries[2].Problem);
    }

    [UnixFact] // on Windows links need a privilege
    public void Links_are_followed_once_and_loops_end()
    {
        _fixture.Write("photos/b/one.png", []);
        using var elsewhere = new ImageFixture();
        elsewhere.Write("two.png", []);
        Directory.CreateSymbolicLink(_fixture.PathOf("photos/b/loop"), _fixture.PathOf("photos"));
        Directory.CreateSymbolicLink(_fixture.PathOf("photos/a"), "b");
        Directory.CreateSymbolicLink(_fixture.PathOf("photos/far"), elsewhere.Folder);
        Directory.CreateSymbolicLink(_fixture.PathOf("photos/self"), "self");
        Directory.CreateSymbolicLink(_fixture.PathOf("photos/up"), ".."); // beside which another folder lies
        _fixture.Write("beside/three.png", []);
        File.CreateSymbolicLink(_fixture.PathOf("photos/again.png"), "b/one.png");

        var entries = ImageFiles.Enumerate([_fixture.PathOf("photos")]);
        Assert.Equal(["photos/b/one.png", "photos/far/two.png"], Names(entries.Where(entry => entry.Problem is null)));
        Assert.Equal(
            ["photos/a", "photos/again.png", "photos/b/loop", "photos/up"], Names(entries.Where(entry => entry.Problem is not null)));
    }

    private IEnumerable<string> Names(IEnumerable<ImageFileEntry> entries) =>
        entries.Select(entry => Path.GetRelativePath(_fixture.Folder, entry.Path).Replace('\\', '/'));
}
