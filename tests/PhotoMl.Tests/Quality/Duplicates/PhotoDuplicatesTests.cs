namespace PhotoMl.Tests.Quality;

public sealed class PhotoDuplicatesTests
{
    private const double Clear = 0.2;

    private static readonly DateTime Noon = new(2024, 5, 1, 12, 0, 7, DateTimeKind.Unspecified);

    /// <summary>Each photo by its second and its scene; photos of one scene differ in as many bits as their places in it.</summary>
    [Theory]
    [InlineData("0a0 1a20 2a40 6a20", 3)] // the last came too late
    [InlineData("0a0 0b0 0a20 1b20", 2, 2)] // two subjects in turn
    [InlineData("0a0 1b0 2c0")] // another subject each time
    [InlineData("0a0 1a20 2b0 2a41", 3)] // like the one before, unlike the first
    [InlineData("0a0 3a20 6a22 9a24 12a26 15a28 18a30 21a32")] // a time lapse
    [InlineData("0a0 0a20 0b0 0c0 0d0")] // more scenes at one time than a camera sees
    [InlineData("53a0 53a20 113b0 113b20 173c0 173c20")] // all of seconds 0
    [InlineData("53a0 53a20 113b0 113b20", 2, 2)] // chance
    public void A_burst_is_alike_and_soon_over(string shots, params int[] bursts)
    {
        var photos = shots.Split(' ').Select((shot, i) =>
        {
            var at = shot.AsSpan().IndexOfAnyInRange('a', 'z');
            var seconds = int.Parse(shot[..at], CultureInfo.InvariantCulture);
            return Photo(i, Hash(shot[at], int.Parse(shot[(at + 1)..], CultureInfo.InvariantCulture)), taken: Noon.AddSeconds(seconds));
        });

        Assert.Equal(bursts, Find(photos).Groups.Where(group => group.Kind == DuplicateKind.Burst).Select(group => group.Photos.Count));
    }

    [Theory]
    [InlineData(48, 24, "2002-12-08 12:00:00")]
    [InlineData(48, 2, "2002-12-08 12:00:00")] // of few scenes, but too many shots
    [InlineData(2, 1, "2000-01-01 00:00:07")]
    public void One_default_date_in_every_photo_makes_no_burst(int count, int scenes, string time)
    {
        var taken = DateTime.Parse(time, CultureInfo.InvariantCulture);
        var photos = Enumerable.Range(0, count).Select(i =>
            Photo(i, Hash((char)('a' + (i % scenes)), i / scenes), taken) with { FineHash = Hash((char)i, 0) });

        Assert.Empty(Find(photos).Groups);
    }

    [Fact]
    public void A_chain_of_photos_that_change_slowly_is_divided_where_they_are_unlike_the_first()
    {
        // Each lies four bits beyond the one before, as in a time lapse.
        var found = Find(Enumerable.Range(0, 25).Select(i => Photo(i, Hash('a', 4 * i), taken: Noon.AddSeconds(2 * i))));

        Assert.Equal([DuplicateKind.NearDuplicate], found.Groups.Select(group => group.Kind).Distinct());
        Assert.Equal([11, 11, 3], found.Groups.Select(group => group.Photos.Count));
        Assert.Equal([0, 1, 2], found.GroupOf.Distinct());
    }

    [Fact]
    public void Copies_that_show_nothing_stay_together()
    {
        var photos = Enumerable.Range(0, 3).Select(i => Photo(i, null) with { Sha256 = i < 2 ? "same" : "other" });

        Assert.Equal([0, 0, 1], Find(photos).GroupOf);
    }

    [Theory]
    [InlineData(Clear, 36, true)]
    [InlineData(Clear, 37, false)]
    [InlineData(0.05, 12, true)]
    [InlineData(0.05, 13, false)] // of what shows little, more must agree
    public void Near_duplicates_agree_in_their_finer_parts(double contrast, int fineBits, bool areNear)
    {
        var photos = Enumerable.Range(0, 2).Select(
            i => Photo(i, Hash('a', 0)) with { Contrast = contrast, FineHash = Hash('a', i * fineBits) });

        Assert.Equal(areNear ? 1 : 0, Find(photos).Groups.Count);
    }

    [Fact]
    public void Pages_of_a_few_words_are_no_near_duplicates_and_the_same_page_in_another_size_is_one()
    {
        PhotoInfo[] pages = [.. Enumerable.Range(0, 12).Select(number => Page(number, 1)), Page(3, 2)];
        var found = Find(pages.Select((page, i) => page with { Path = $"{i}", Sha256 = $"{i}" }));

        Assert.Equal([3, 12], Assert.Single(found.Groups).Photos);
        Assert.Contains(
            from one in pages[..12] from other in pages[..12] where one != other select (one, other),
            pair => PerceptualHash.Distance(pair.one.Hash!.Value, pair.other.Hash!.Value) <= PhotoDuplicates.NearDuplicateBits);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("cut off", 0)]
    public void Copies_that_no_training_can_load_are_copies_but_neither_conflicts_nor_leaks(string? problem, int found)
    {
        var copy = Photo(0, hash: null) with { Problem = problem, Split = DatasetSplits.Train };
        var duplicates = Find([copy, copy with { Path = "1", Class = "b", Split = DatasetSplits.Test }]);

        Assert.Equal((DuplicateKind.ExactCopy, 2), (duplicates.Groups.Single().Kind, duplicates.Groups.Single().Photos.Count));
        Assert.Equal((found, found), (duplicates.Conflicts.Count, duplicates.Leaks.Count));
    }

    private static PhotoDuplicates Find(IEnumerable<PhotoInfo> photos) => new([.. photos], CancellationToken.None);

    /// <summary>A random hash for each scene, whose first bits are turned.</summary>
    private static UInt128 Hash(char scene, int turned)
    {
        var random = new DeterministicRandom(scene, 3);
        return new UInt128(random.NextUInt64(), random.NextUInt64()) ^ ((UInt128.One << turned) - 1);
    }

    private static PhotoInfo Photo(int number, UInt128? hash, DateTime? taken = null) => new()
    {
        Path = $"{number}", Class = "a", Split = DatasetSplits.None, Sha256 = $"{number}", Contrast = Clear, Hash = hash, Taken = taken,
        Camera = "Canon R5",
    };

    /// <summary>Five lines of words at the top of a white page.</summary>
    private static PhotoInfo Page(int number, int scale)
    {
        var random = new DeterministicRandom(number, 8);
        var ink = new bool[5, 80];
        for (var line = 0; line < 5; line++)
        {
            for (int at = 0, end = (int)random.NextDouble(25, 80); at < end; at++)
            {
                ink[line, at] = random.NextDouble() < 0.8;
            }
        }

        return PhotoExaminer.Measure(
            new PhotoInfo { Path = "", Class = "a", Split = DatasetSplits.None },
            ImageFixture.Grey(600 / scale, 800 / scale, (x, y) => Pixel(x * scale, y * scale)));

        byte Pixel(int x, int y)
        {
            var (line, row, column) = ((y - 60) / 18, (y - 60) % 18, (x - 60) / 6);
            var isInk = y >= 60 && x >= 60 && line < 5 && row < 8 && column < 80 && ink[line, column] && (x + row) % 6 < 3;
            return isInk ? (byte)40 : (byte)250;
        }
    }
}
