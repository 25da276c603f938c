using PhotoMl.Data;

namespace PhotoMl.Tests.Quality;

public sealed class ShortcutCheckTests
{
    private const string Frame = "outer frame (small network)";

    [Fact]
    public void A_planted_camera_is_found_with_its_values_and_classes()
    {
        var photos = Photos(seed: 1, (photo, random) => photo with
        {
            Camera = photo.Class == "dog" && random.NextDouble() < 0.9 ? "Canon" : "Nikon",
        });
        var found = new ShortcutCheck(photos, seed: 1).Run(CancellationToken.None);

        var camera = found[0];
        Assert.Equal("camera", camera.Property);
        Assert.True(camera.IsAboveChance);
        Assert.InRange(camera.Accuracy, 0.55, 0.68); // dogs 0.9; cats and birds share what is no Canon
        Assert.InRange(camera.Chance, 0.3333, 0.3334);
        Assert.InRange(camera.Low, camera.Chance, camera.Accuracy);
        Assert.Matches(@"^Canon: (\d+) of \1 are dog$", camera.Examples[0]);
        Assert.DoesNotContain(found, finding => finding.IsAboveChance && finding.Property != "camera");
    }

    [Fact]
    public void Values_of_fewer_than_five_photos_are_one()
    {
        var photos = Photos(seed: 8, (photo, _) => photo with { Software = photo.Path }); // each its own
        var found = new ShortcutCheck(photos, seed: 1).Run(CancellationToken.None);

        Assert.DoesNotContain(found, finding => finding.Property == "software");
    }

    [Fact]
    public void Twelve_photos_of_twelve_are_no_chance_though_the_collection_is_small()
    {
        var photos = Photos(seed: 7, (photo, _) => photo with { JpegQuality = photo.Class == "dog" ? 50 : 70 })
            .GroupBy(photo => photo.Class).SelectMany(group => group.Take(12));

        Assert.Equal("JPEG quality", Assert.Single(
            new ShortcutCheck(photos, seed: 1).Run(CancellationToken.None), finding => finding.IsAboveChance).Property);
    }

    [Fact]
    public void A_planted_border_is_found_by_the_network_and_by_its_color()
    {
        var photos = Photos(seed: 2, (photo, _) =>
        {
            var frame = Convert.FromBase64String(photo.Frame);
            var darker = Array.ConvertAll(frame, value => (byte)(value / 4));
            return photo with { Frame = Convert.ToBase64String(photo.Class == "cat" ? darker : frame) };
        });
        var found = new ShortcutCheck(photos, seed: 1).Run(CancellationToken.None).Where(finding => finding.IsAboveChance).ToList();

        Assert.Equal(["border color", Frame], found.Select(finding => finding.Property).Order(StringComparer.Ordinal));
        var color = found.Single(finding => finding.Property == "border color");
        Assert.Matches(@"^(black|dark gray): (\d+) of \2 are cat$", color.Examples[0]);
        Assert.StartsWith("cat: ", found.Single(finding => finding.Property == Frame).Examples[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, 0, 0, "red")]
    [InlineData(255, 255, 255, "light gray")]
    public void The_color_of_a_border_is_told_though_it_is_narrower_than_the_frame(int red, int green, int blue, string color)
    {
        // A border of 12 of 240 pixels: a pixel of the reduced picture has 20.
        const int Side = 240;
        var border = new[] { red, green, blue };
        byte[] pixels = [.. Enumerable.Range(0, Side * Side).SelectMany(i => border.Select(
            value => i % Side is < 12 or >= Side - 12 || i / Side is < 12 or >= Side - 12 ? (byte)value : (byte)100))];
        var frame = Convert.ToBase64String(PictureFrame.Of(new DecodedImage(Side, Side, pixels)));
        var photos = Photos(seed: 9, (photo, _) => photo with { Frame = photo.Class == "cat" ? frame : photo.Frame });
        var found = new ShortcutCheck(photos, seed: 1).Run(CancellationToken.None).Single(finding => finding.Property == "border color");

        Assert.Contains(found.Examples, example => example == $"{color}: 60 of 60 are cat");
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is_planted_and_the_accuracies_are_those_of_guessing()
    {
        var accuracies = new List<double>();
        for (var seed = 1; seed <= 20; seed++)
        {
            var found = new ShortcutCheck(Photos(seed, (photo, _) => photo), seed).Run(CancellationToken.None);

            Assert.True(found.Count >= 12, $"{found.Count} properties");
            Assert.DoesNotContain(found, finding => finding.IsAboveChance);
            Assert.All(found, finding => Assert.Equal(finding.Low > finding.Chance, finding.Examples.Count > 0));
            Assert.All(found, finding => Assert.InRange(finding.Accuracy, 0.1, 0.55));
            accuracies.AddRange(found.Select(finding => finding.Accuracy));
        }

        Assert.InRange(accuracies.Average(), 0.3233, 0.3433); // of some 300, each with a standard deviation of 0.04
    }

    [Theory]
    [InlineData(60)]
    [InlineData(20)]
    public void A_value_that_nearly_all_photos_have_is_as_good_as_guessing(int rare)
    {
        var accuracies = Enumerable.Range(1, 20).Select(seed =>
        {
            var photos = Photos(seed, (photo, random) => photo with { Software = random.NextDouble() < 0.9 ? "phone" : "editor" }, rare);
            return new ShortcutCheck(photos, seed).Run(CancellationToken.None).Single(found => found.Property == "software").Accuracy;
        });

        Assert.InRange(accuracies.Average(), 0.3133, 0.3533);
    }

    [Fact]
    public void A_rare_class_counts_as_much_as_a_frequent_one()
    {
        var photos = Photos(seed: 3, (photo, _) => photo with { Software = photo.Class == "bird" ? "scan" : "phone" }, rare: 10);
        var found = new ShortcutCheck(photos, seed: 1).Run(CancellationToken.None)[0];

        Assert.Equal("software", found.Property);
        Assert.InRange(found.Accuracy, 0.6, 0.7); // birds all; of cats and dogs one half, for both have the other

        // 30 of 60, twice, and 10 of 10: of (x + 2) / (n + 4) the variances 1/4 / 64, twice, and 12/14 x 2/14 / 14.
        var half = 1.959963984540054 / 3 * Math.Sqrt((2 * 0.25 / 64) + (24.0 / 196 / 14));
        Assert.InRange(found.High - found.Accuracy, half - 0.01, half + 0.01); // the halves differ by fold
        Assert.Equal("scan: 10 of 10 are bird", found.Examples[0]);
    }

    [Fact]
    public void Near_duplicates_count_once_and_photos_that_are_held_out_not_at_all()
    {
        PhotoInfo[] all = Photos(seed: 4, (photo, _) => photo with { Camera = photo.Class });
        PhotoInfo[] photos = [.. all, .. all.Select(photo => photo with { Split = DatasetSplits.Test }), all[0]];
        var report = new PhotoCheckReport
        {
            Source = "photos",
            Photos = photos,
            Classes = [],
            Problems = [],
            Issues = [],
            Groups = [],
            GroupOf = [.. Enumerable.Range(0, photos.Length - 1), 0],
            Leaks = [],
            LabelConflicts = [],
            Duration = TimeSpan.Zero,
        };

        Assert.All(report.FindShortcuts(), finding => Assert.Equal(all.Length, finding.Photos));
        Assert.Equal(1, report.FindShortcuts()[0].Accuracy);
    }

    [Fact]
    public void A_folder_within_that_of_the_class_is_none_that_says_it_but_one_of_a_single_class_is()
    {
        var nested = Photos(seed: 6, (photo, random) => photo with
        {
            Path = $"cat/{photo.Class.ToUpperInvariant()}/{random.NextInt32(2)}/1.jpg", // all below a folder that is named as a class
        });
        var scanned = Photos(seed: 6, (photo, _) => photo with { Path = $"{(photo.Class == "dog" ? "scans" : "phone")}/1.jpg" });

        Assert.DoesNotContain(new ShortcutCheck(nested, seed: 1).Run(CancellationToken.None), finding => finding.IsAboveChance);
        Assert.Equal("folder", new ShortcutCheck(scanned, seed: 1).Run(CancellationToken.None)[0].Property);
    }

    [Fact]
    public void Photos_of_one_class_and_classes_of_a_few_photos_tell_nothing()
    {
        var photos = Photos(seed: 5, (photo, _) => photo);

        Assert.Empty(new ShortcutCheck(photos.Where(photo => photo.Class == "cat"), seed: 1).Run(CancellationToken.None));
        PhotoInfo[] few = [.. photos.Where(photo => photo.Class == "cat"), .. photos.TakeLast(4)];
        Assert.Empty(new ShortcutCheck(few, seed: 1).Run(CancellationToken.None));
        Assert.Empty(new ShortcutCheck([], seed: 1).Run(CancellationToken.None));
    }

    // Photos of three classes whose properties have nothing to do with them.
    private static PhotoInfo[] Photos(int seed, Func<PhotoInfo, DeterministicRandom, PhotoInfo> plant, int rare = 60)
    {
        var random = new DeterministicRandom(seed, 17);
        string[] cameras = ["Canon", "Nikon", "Sony"];
        var classes = new[] { "cat", "dog" }.SelectMany(name => Enumerable.Repeat(name, 60)).Concat(Enumerable.Repeat("bird", rare));
        return
        [
            .. classes.Select((name, i) => plant(
                new PhotoInfo
                {
                    Path = $"{random.NextInt32(3)}/{i}.jpg",
                    Class = name,
                    Split = DatasetSplits.None,
                    Camera = cameras[random.NextInt32(3)],
                    Lens = random.NextInt32(2) == 0 ? "50 mm" : null,
                    Software = random.NextInt32(2) == 0 ? "phone" : "editor",
                    Format = "JPEG",
                    Orientation = random.NextInt32(2) == 0 ? 1 : 6,
                    Width = random.NextInt32(2) == 0 ? 400 : 600,
                    Height = 400,
                    Bytes = random.NextInt32(100_000),
                    Brightness = random.NextDouble(),
                    Contrast = random.NextDouble(),
                    Sharpness = random.NextDouble() * 1000,
                    JpegQuality = 70 + random.NextInt32(30),
                    Taken = new DateTime(2020, 1, 1).AddMinutes(random.NextInt32(1_000_000)),
                    Frame = Convert.ToBase64String([.. Enumerable.Range(0, PictureFrame.Length).Select(_ => (byte)random.NextInt32(256))]),
                },
                random)),
        ];
    }
}
