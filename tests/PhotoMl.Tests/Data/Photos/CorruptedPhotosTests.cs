namespace PhotoMl.Tests.Data;

public sealed class CorruptedPhotosTests : FolderTests
{
    [Fact]
    public void A_thousand_corrupted_photos_stop_nothing_and_each_that_is_skipped_has_a_reason()
    {
        var random = new DeterministicRandom(4, 1);
        SKEncodedImageFormat[] formats = [SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp];
        var whole = Array.ConvertAll(formats, format => ImageFixture.EncodeGrey(format, 60, 45, (x, y) => (byte)((x * y) + (7 * x))));
        for (var i = 0; i < 1000; i++)
        {
            Folder.Write($"photos/{i % 3}/{i:D4}.jpg", Corrupt(whole[i % 3], (i / 3) % 6, random));
        }

        Folder.Write("photos/0/good.jpg", whole[0]);
        using var photos = Open(PhotoFolder.Open(Folder.File("photos")));

        Assert.Equal(1001, photos.Photos.Count + photos.Unreadable.Count);
        Assert.Contains(photos.Photos, photo => photo.Path.EndsWith("good.jpg", StringComparison.Ordinal));
        Assert.InRange(photos.Unreadable.Count, 650, 1000); // flipped bytes may leave a picture
        Assert.All(photos.Unreadable, photo => Assert.False(string.IsNullOrWhiteSpace(photo.Problem) || photo.Problem.Contains('\n')));
    }

    [LinuxFact]
    public void Strange_names_links_in_a_circle_pipes_and_forbidden_files_are_no_trouble()
    {
        var png = ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 20, 20, (x, y) => 9);
        Folder.Write("photos/a\nb/line\nbreak.png", png);
        Folder.Write("photos/📷/été 😀.png", png);
        Folder.Write("photos/📷/secret.png", png);
        Directory.CreateSymbolicLink(Folder.File("photos/📷/self"), Folder.File("photos"));
        File.CreateSymbolicLink(Folder.File("photos/📷/loop.png"), Folder.File("photos/📷/loop.png"));
        foreach (var (command, file) in new[] { ("chmod 0", "secret.png"), ("mkfifo", "pipe.jpg") })
        {
            using var process = Process.Start("sh", ["-c", $"{command} '{Folder.File("photos/📷", file)}'"]);
            process.WaitForExit();
        }

        var list = PhotoFolder.Open(Folder.File("photos"));
        using var photos = Open(list);

        Assert.Equal(["a\nb", "📷"], list.ClassNames);
        Assert.Contains(photos.Photos, photo => photo.Path.EndsWith("line\nbreak.png", StringComparison.Ordinal));
        Assert.Contains(photos.Photos, photo => photo.Path.EndsWith("été 😀.png", StringComparison.Ordinal));
        Assert.Equal("expected an image file but found a pipe", ProblemOf("pipe.jpg"));
        Assert.NotNull(ProblemOf("loop.png"));

        // The link to the folder above leads to what counts already: no photo is there twice, nor in another class.
        var paths = photos.Photos.Select(photo => photo.Path).Concat(photos.Unreadable.Select(photo => photo.Path)).ToList();
        Assert.Equal(paths.Count, paths.Distinct().Count());
        Assert.DoesNotContain(photos.Photos, photo => photo.Path.Contains("self", StringComparison.Ordinal));
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Equal("reading it is not permitted", ProblemOf("secret.png"));
        }

        string? ProblemOf(string name) => photos.Unreadable.Single(photo => photo.Path.EndsWith(name, StringComparison.Ordinal)).Problem;
    }

    private CachedPhotos Open(PhotoList list) =>
        PhotoCache.Open(list, ImagePreprocessing.ForPhotos(3, 16), new DatasetLoadOptions { CacheFolder = Folder.File("cache") });

    private static byte[] Corrupt(byte[] whole, int kind, DeterministicRandom random)
    {
        var content = (byte[])whole.Clone();
        switch (kind)
        {
            case 0: // cut
                return content[..(1 + random.NextInt32(content.Length - 25))];
            case 1: // bytes flipped
                for (var i = 0; i < 8; i++)
                {
                    content[random.NextInt32(content.Length)] ^= (byte)(1 + random.NextInt32(255));
                }

                return content;
            case 2: // the header of another format
                "GIF89a"u8.CopyTo(content);
                return content;
            case 3: // nothing
                return [];
            case 4: // a bomb: a header that promises 50,000 x 50,000 pixels, of whatever format the photo is
                return MakeBomb(content);
            default: // noise
                for (var i = 12; i < content.Length; i++)
                {
                    content[i] = (byte)random.NextInt32(256);
                }

                return content;
        }
    }

    private static byte[] MakeBomb(byte[] content)
    {
        const ushort Side = 50_000;
        switch (content[0])
        {
            case 0xFF: // JPEG: height and width in the frame's header
                var frame = content.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
                BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(frame + 5), Side);
                BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(frame + 7), Side);
                return content;
            case 0x89: // PNG: width and height in the first chunk, with its checksum
                byte[] size = [0, 0, Side >> 8, Side & 255];
                return [.. content[..8], .. PngBytes.Chunk("IHDR", [.. size, .. size, .. content[24..29]]), .. content[33..]];
            default: // WebP: 14 bits a side at most, so 16,384 x 16,384 in the frame's header
                var at = content.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]);
                content.AsSpan(at + 3, 4).Fill(0xFF);
                return content;
        }
    }
}
