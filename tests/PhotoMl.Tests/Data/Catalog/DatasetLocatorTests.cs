namespace PhotoMl.Tests.Data;

public sealed class DatasetLocatorTests : FolderTests
{
    private readonly SmallSet _set = new();

    [Fact]
    public void The_first_folder_in_order_wins()
    {
        foreach (var place in new[] { "shared", "cache", "data", "configured" })
        {
            _set.WriteTo(Folder.File(place, "mnist"));
            Assert.Equal(Folder.File(place, "mnist"), Search().Found?.Path);
        }
    }

    [Fact]
    public void A_folder_that_lacks_a_file_is_passed_over_and_reported()
    {
        _set.WriteTo(Folder.File("configured", "mnist"), without: DatasetFileRole.TestLabels);
        _set.WriteTo(Folder.File("cache", "mnist"));

        var search = Search();

        Assert.Equal(Folder.File("cache", "mnist"), search.Found?.Path);
        Assert.Equal(["t10k-labels-idx1-ubyte"], search.Tried[0].Missing);
        Assert.Empty(DatasetSearch.Run(DatasetCatalog.Default.Find("digits")!, Paths(Folder)).Tried); // which are built in
    }

    [Fact]
    public void What_was_tried_in_vain_is_listed_place_by_place()
    {
        _set.WriteTo(Folder.File("data", "mnist"), without: DatasetFileRole.TrainLabels);
        Directory.CreateDirectory(Folder.File("data", "mnist", "train-labels-idx1-ubyte")); // a folder of that name is not the file
        Directory.CreateDirectory(Folder.File("cache", "mnist"));

        var search = Search();

        Assert.Null(search.Found);
        Assert.Equal(
            $"{Folder.File("configured", "mnist")} (no such folder), {Folder.File("data", "mnist")} (lacks train-labels-idx1-ubyte), "
            + $"{Folder.File("cache", "mnist")} (none of its files), {Folder.File("shared", "mnist")} (no such folder)",
            string.Join(", ", search.Tried.Select(folder => folder.Describe())));
    }

    [Fact]
    public void The_dotted_names_of_other_mirrors_are_found()
    {
        foreach (var file in _set.Entry.Files)
        {
            Folder.Write($"cache/mnist/{file.Name.Replace("-idx", ".idx", StringComparison.Ordinal)}", _set.Content[file.Role]);
        }

        Assert.Equal(Folder.File("cache", "mnist"), Search().Found?.Path);
    }

    [LinuxFact]
    public void The_environment_names_the_folders_and_leaves_the_usual_places_where_it_names_none()
    {
        Assert.Equal(["/big/sets", "/project/data", "/fast/photoml", "/usr/share/datasets"], Folders("/big/sets", "/fast"));
        Assert.Equal(["/project/data", "/home/me/.cache/photoml", "/usr/share/datasets"], Folders("", "not/absolute"));

        static IReadOnlyList<string> Folders(string data, string cache) => DatasetPaths.Folders(
            name => name switch { "PHOTOML_DATA" => data, "XDG_CACHE_HOME" => cache, "HOME" => "/home/me", _ => null }, "/project");
    }

    [Fact]
    public void A_user_without_a_home_still_has_a_cache() => Assert.True(Path.IsPathFullyQualified(DatasetPaths.Cache(_ => null)));

    internal static DatasetLoadOptions Paths(TemporaryFolder folder) => new()
    {
        Folders = [folder.File("configured"), folder.File("data"), folder.File("cache"), folder.File("shared")],
        CacheFolder = folder.File("cache"),
    };

    private DatasetSearch Search() => DatasetSearch.Run(_set.Entry, Paths(Folder));
}
