namespace PhotoMl.Data;

/// <summary>Finds the photos of a folder that has one folder for each class.</summary>
/// <remarks><c>root/class/.../photo.jpg</c>, or below <c>root/train</c> and beside it <c>validation</c> (or <c>val</c>, <c>valid</c>) and
/// <c>test</c>, in any case of the letters. Without a folder <c>train</c> these are names of classes like any others. A photo belongs to
/// one class: what a second link leads to is a problem of the list.</remarks>
internal static class PhotoFolder
{
    public static PhotoList Open(string path)
    {
        if (!Directory.Exists(path))
        {
            var kind = File.Exists(path) ? "a file" : "no such folder";
            throw new InvalidDatasetException(path, "a folder with a folder of photos for each class", kind);
        }

        var problems = new List<ImageFileEntry>();
        var folders = Subfolders(path, problems);
        var isSplit = folders.Exists(name => FindSplit(name) == DatasetSplits.Train);
        var classes = isSplit ? FindSplits(path, folders, problems) : ClassesOf(path, folders, DatasetSplits.None);
        var above = classes.Select(folder => folder.Parent).Prepend(path).Distinct();
        var found = ImageFiles.Find(classes.ConvertAll(folder => folder.Path), above);
        problems.AddRange(found.Where(item => item.Entry.Problem is not null).Select(item => item.Entry));
        var photos = found.Where(item => item.Entry.Problem is null)
            .Select(item => (item.Entry.Path, classes[item.Root].Name, classes[item.Root].Split)).ToList();
        if (photos.Count == 0)
        {
            var example = Path.Join(path, isSplit ? "train/cat/1.jpg" : "cat/1.jpg");
            throw new InvalidDatasetException(path, $"a folder of photos for each class, such as {example}", Describe(folders, problems));
        }

        return PhotoList.Make(path, photos, problems);
    }

    /// <summary>What a word such as <c>val</c> says of photos; null where it says nothing.</summary>
    internal static DatasetSplits? FindSplit(string word) => word.ToLowerInvariant() switch
    {
        "train" => DatasetSplits.Train,
        "validation" or "valid" or "val" => DatasetSplits.Validation,
        "test" => DatasetSplits.Test,
        _ => null,
    };

    private static List<ClassFolder> ClassesOf(string parent, List<string> names, DatasetSplits split) =>
        names.ConvertAll(name => new ClassFolder(parent, name, Path.Join(parent, name), split));

    private static List<ClassFolder> FindSplits(string root, List<string> folders, List<ImageFileEntry> problems)
    {
        var found = new List<ClassFolder>();
        foreach (var group in folders.GroupBy(FindSplit).OrderBy(group => group.Key))
        {
            if (group.Key is not { } split)
            {
                problems.AddRange(group.Select(name => new ImageFileEntry(
                    Path.Join(root, name), "beside the folder train, only validation and test are searched")));
                continue;
            }

            if (group.Count() > 1)
            {
                throw new InvalidDatasetException(root, $"one folder for {$"{split}".ToLowerInvariant()}", string.Join(" and ", group));
            }

            var path = Path.Join(root, group.First());
            found.AddRange(ClassesOf(path, Subfolders(path, problems), split));
        }

        return found;
    }

    // The names of the folders in a folder; images beside them are of no class.
    private static List<string> Subfolders(string path, List<ImageFileEntry> problems)
    {
        var items = ImageFiles.List(path, problems.Add);
        problems.AddRange(items.Where(ImageFiles.IsImage)
            .Select(file => new ImageFileEntry(Path.Join(path, file.Name), "it lies outside of every class's folder")));
        return [.. items.OfType<DirectoryInfo>().Select(folder => folder.Name)];
    }

    private static string Describe(List<string> folders, List<ImageFileEntry> problems) => (folders.Count, problems.Count) switch
    {
        (0, 0) => "an empty folder",
        (0, _) => $"no folder within it ({problems[0].Path}: {problems[0].Problem})",
        _ => $"no photo in {string.Join(", ", folders.Take(3))}{(folders.Count > 3 ? ", ..." : "")}",
    };

    private sealed record ClassFolder(string Parent, string Name, string Path, DatasetSplits Split);
}
