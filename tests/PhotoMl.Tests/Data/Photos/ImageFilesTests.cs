namespace PhotoMl.Tests.Data;

public sealed class ImageFilesTests : IDisposable
{
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_folder_is_searched_in_ordinal_order_for_images_and_what_it_has_besides_is_counted_once()
    {
        string[] names =
        [
            "b.PNG", "a.jpg", "sub/deep/c.WebP", "sub/d.gif", "Z.bmp", "notes.txt", ".hidden.png", ".git/e.png", "f.jpeg", "sub/._d.gif",
            "@eaDir/b.PNG/thumb.jpg", "sub/@EADIR/x.jpg", "#recycle/g.jpg", "thumbs.DB", "a.jpg~", "deep/System Volume Information/h.jpg",
        ];
        Array.ForEach(names, name => _fixture.Write(name, []));
        _fixture.Write("phone.heic", [0, 0, 0, 24, .. "ftypheic0000"u8]);
        var messages = new List<string>();
        var progress = new SynchronousProgress<StatusMessage>(message => messages.Add(message.Text));
        var entries = DatasetLoader.FindImages([_fixture.Folder], progress);

        var images = Names(entries.Where(entry => entry.Problem is null));
        Assert.Equal(["Z.bmp", "a.jpg", "b.PNG", "f.jpeg", "sub/d.gif", "sub/deep/c.WebP"], images);
        Assert.Equal("phone.heic", Assert.Single(Names(entries.Where(entry => entry.Problem is not null))));
        Assert.Equal(
            [
                $"{_fixture.Folder}: 1 HEIC file, 1 empty file are not read.",
                $"{_fixture.Folder}: 9 files and folders of systems and editors are left out: 2 @eaDir, 1 #recycle, 1 *~, 1 .*, 1 ._*, "
                    + "1 .git, 1 System Volume Information, 1 Thumbs.db.",
            ],
            messages);
        var named = DatasetLoader.FindImages([_fixture.PathOf("@eaDir")]); // by the user
        Assert.Equal("b.PNG/thumb.jpg", Assert.Single(named).Path[^15..]);
    }

    [Theory]
    [InlineData("@__thumb", "~snapshot", "_gsdata_", "CaptureOne", "Catalog Previews.lrdata", ".Trashes", ".dropbox.cache")]
    [InlineData(".stversions", ".sync", ".AppleDouble", "found.000", "[Originals]", ".picasaoriginals", "~syncthing~1.jpg.tmp", "1.thm")]
    [InlineData("1.jpg_original", "1.jpg.part", "1.JPG.crdownload", "SYNOFILE_THUMB_M.jpg", "Picasa.ini", "1.jpg.tmp", "1.jpg.bak")]
    [InlineData("1.jpg:Zone.Identifier", "Icon\r")]
    public void What_systems_and_programs_keep_is_left_out_at_any_depth(params string[] names)
    {
        Array.ForEach([.. names, ""], name => _fixture.Write(Path.Join("deep", name, "1.jpg"), [0xFF, 0xD8, 0xFF]));
        Assert.Equal(["deep/1.jpg"], Names(DatasetLoader.FindImages([_fixture.Folder])));
    }

    [Theory]
    [InlineData("Icon.jpg")]
    [InlineData("recycled paper/1.jpg")]
    [InlineData("part/1.jpg")]
    [InlineData("cat_original/1.jpg")]
    [InlineData("tmp/IMG_1.jpg_large")]
    public void Other_names_are_read(string name)
    {
        _fixture.Write(name, [0xFF, 0xD8, 0xFF]);
        Assert.Null(Assert.Single(DatasetLoader.FindImages([_fixture.Folder])).Problem);
    }

    [Theory]
    [InlineData("a.jfif", true)]
    [InlineData("a", true)]
    [InlineData("a.txt", true)]
    [InlineData("a.jpg_large", true)]
    [InlineData("A.TXT", false)]
    public void An_image_is_one_whatever_its_name(string name, bool isImage)
    {
        _fixture.Write(name, isImage ? [0xFF, 0xD8, 0xFF, 0xE0] : [.. "words"u8]);
        var entry = Assert.Single(DatasetLoader.FindImages([_fixture.Folder]));

        Assert.Equal(isImage ? null : "the folder holds no image (JPEG, PNG, WebP, BMP or GIF)", entry.Problem);
    }

    [LinuxFact]
    public void Names_that_are_not_UTF_8_and_pipes_are_problems_and_stop_nothing()
    {
        _fixture.Write("a/1.jpg", []);
        Shell("touch \"$(printf 'a/0-\\374.jpg')\"; mkdir \"$(printf 'caf\\351')\"; mkfifo a/pipe");
        var entries = DatasetLoader.FindImages([_fixture.Folder]);
        Assert.Equal(["a/0-\uFFFD.jpg", "a/1.jpg", "a/pipe", "caf\uFFFD"], Names(entries));
        const string NotUtf8 = "its name is not valid UTF-8, so it cannot be opened; rename it";
        Assert.Equal([NotUtf8, null, "expected an image file but found a pipe", NotUtf8], entries.Select(entry => entry.Problem));
        Shell("rm -r caf* a/0*"); // .NET cannot

        void Shell(string commands)
        {
            using var process = Process.Start(new ProcessStartInfo("sh", ["-c", commands]) { WorkingDirectory = _fixture.Folder })!;
            process.WaitForExit();
        }
    }

    [Fact]
    public void A_named_file_is_returned_whatever_its_name()
    {
        string[] paths = [_fixture.Write("z.dat", []), _fixture.Write(".hidden", []), _fixture.Write("a.png", [])];
        Assert.Equal(paths.Select(path => new ImageFileEntry(path)), DatasetLoader.FindImages(paths));
    }

    [Fact]
    public void A_missing_path_and_an_empty_folder_stop_nothing()
    {
        var empty = Directory.CreateDirectory(_fixture.PathOf("empty")).FullName;
        var entries = DatasetLoader.FindImages([_fixture.PathOf("missing.png"), empty, _fixture.Write("a.png", [])]);

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

        var entries = DatasetLoader.FindImages([_fixture.PathOf("photos")]);
        Assert.Equal(["photos/b/one.png", "photos/far/two.png"], Names(entries.Where(entry => entry.Problem is null)));
        Assert.Equal(
            ["photos/a", "photos/again.png", "photos/b/loop", "photos/self", "photos/up"],
            Names(entries.Where(entry => entry.Problem is not null)));
    }

    private IEnumerable<string> Names(IEnumerable<ImageFileEntry> entries) =>
        entries.Select(entry => Path.GetRelativePath(_fixture.Folder, entry.Path).Replace('\\', '/'));
}
