namespace PhotoMl.Data;

/// <summary>Finds the photos of a folder that has one folder for each class.</summary>
/// <remarks><c>root/class/.../photo.jpg</c>, or below <c>root/train</c> and beside it <c>validation</c> (or <c>val</c>, <c>valid</c>) and
/// <c>test</c>, in any case of the letters. Without a folder <c>train</c> these are names of classes like any others. A photo belongs to
/// one class: what a second link leads to is a problem of the list.</remarks>
internal static class PhotoFolder
{
    private static readonly Dictionary<string, DatasetSplits> SplitNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = DatasetSplits.Train,
        ["validation"] = DatasetSplits.Validation,
        ["valid"] = DatasetSplits.Validation,
        ["val"] = DatasetSplits.Validation,
        ["test"] = DatasetSplits.Test,
    };

    public static PhotoList Open(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new InvalidDatasetException(path, "a folder with a folder of photos for each class", File.Exists(path) ? "a file" : "no such folder");
        }

        var problems = new List<ImageFileEntry>();
        var folders = Subfolders(path, problems);
        var isSplit = folders.Any(folder => SplitNames.GetValueOrDefault(folder.Name) == DatasetSplits.Train);
        var classes = isSplit ? FindSplits(path, folders, problems) : FindClasses(path, folders, DatasetSplits.None, problems);
        var found = FindPhotos(path, classes, problems);
        var classNames = found.Select(photo => photo.ClassName).Distinct().Order(StringComparer.Ordinal).ToList();
        if (found.Count == 0)
        {
            throw new InvalidDatasetException(
                path, $"a folder of photos for each class, such as {Path.Join(path, isSplit ? "train/cat/1.jpg" : "cat/1.jpg")}", Describe(folders, problems));
        }

        return new PhotoList
        {
            Source = path,
            ClassNames = classNames,
            Photos = [.. found.Select(photo => new PhotoEntry(photo.Path, classNames.BinarySearch(photo.ClassName, StringComparer.Ordinal), photo.Split))],
            Problems = problems,
        };
    }

    /// <summary>What a word such as <c>val</c> says of photos; null where it says nothing.</summary>
    internal static DatasetSplits? FindSplit(string word) => SplitNames.TryGetValue(word, out var split) ? split : null;

    private static List<ClassFolder> FindSplits(string root, List<DirectoryInfo> folders, List<ImageFileEntry> problems)
    {
        var found = new List<ClassFolder>();
        foreach (var group in folders.GroupBy(folder => SplitNames.GetValueOrDefault(folder.Name)).OrderBy(group => group.Key))
        {
            if (group.Key == DatasetSplits.None)
            {
                problems.AddRange(group.Select(folder => new ImageFileEntry(
                    Path.Join(root, folder.Name), "beside the folder train, only validation and test are looked into")));
                continue;
            }

            if (group.Count() > 1)
            {
                throw new InvalidDatasetException(root, $"one folder for {group.Key.ToString().ToLowerInvariant()}", string.Join(" and ", group.Select(folder => folder.Name)));
            }

            var path = Path.Join(root, group.First().Name);
            found.AddRange(FindClasses(path, Subfolders(path, problems), group.Key, problems));
        }

        AddLooseImages(root, problems);
        return found;
    }

    private static List<ClassFolder> FindClasses(string root, List<DirectoryInfo> folders, DatasetSplits split, List<ImageFileEntry> problems)
    {
        AddLooseImages(root, problems);
        return folders.ConvertAll(folder => new ClassFolder(Path.Join(root, folder.Name), folder.Name, split));
    }

    private static List<FoundPhoto> FindPhotos(string root, List<ClassFolder> classes, List<ImageFileEntry> problems)
    {
        var found = new List<FoundPhoto>();
        var above = classes.Select(folder => Path.GetDirectoryName(folder.Path)!).Prepend(root).Distinct();
        foreach (var (folder, files) in classes.Zip(ImageSearch.Find(classes.ConvertAll(folder => folder.Path), above, problems)))
        {
            found.AddRange(files.Where(file => file.Problem is null).Select(file => new FoundPhoto(file.Path, folder.Name, folder.Split)));
            problems.AddRange(files.Where(file => file.Problem is not null));
        }

        return found;
    }

    private static void AddLooseImages(string folder, List<ImageFileEntry> problems)
    {
        problems.AddRange(List(folder, problems, place => place.EnumerateFiles())
            .Where(file => ImageFiles.HasImageExtension(file.Name))
            .Select(file => new ImageFileEntry(Path.Join(folder, file.Name), "it lies outside of every class's folder")));
    }

    private static List<DirectoryInfo> Subfolders(string path, List<ImageFileEntry> problems) => List(path, problems, place => place.EnumerateDirectories());

    // What cannot be read is reported once, however often it is asked for.
    private static List<T> List<T>(string folder, List<ImageFileEntry> problems, Func<DirectoryInfo, IEnumerable<T>> enumerate)
        where T : FileSystemInfo
    {
        try
        {
            return [.. enumerate(new DirectoryInfo(folder)).Where(item => !item.Name.StartsWith('.')).OrderBy(item => item.Name, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!problems.Any(problem => problem.Path == folder))
            {
                problems.Add(new ImageFileEntry(folder, $"the folder cannot be read: {exception.Message.ReplaceLineEndings(" ")}"));
            }

            return [];
        }
    }

    private static string Describe(List<DirectoryInfo> folders, List<ImageFileEntry> problems) => (folders.Count, problems.Count) switch
    {
        (0, 0) => "an empty folder",
        (0, _) => $"no folder within it ({problems[0].Path}: {problems[0].Problem})",
        _ => $"no photo in {string.Join(", ", folders.Take(3).Select(folder => folder.Name))}{(folders.Count > 3 ? ", ..." : "")}",
    };

    private sealed record ClassFolder(string Path, string Name, DatasetSplits Split);

    private sealed record FoundPhoto(string Path, string ClassName, DatasetSplits Split);
}
