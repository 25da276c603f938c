using PhotoMl.Imaging;

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

        var (search, problems) = (new ImageFiles(), new List<ImageFileEntry>());
        var folders = Subfolders(path, search, problems);
        var isSplit = folders.Exists(name => SplitWords.Find(name) == DatasetSplits.Train);
        var classes = isSplit ? FindSplits(path, folders, search, problems) : ClassesOf(path, folders, DatasetSplits.None);
        var above = classes.Select(folder => folder.Parent).Prepend(path).Distinct();
        var found = search.Find(classes.ConvertAll(folder => folder.Path), above);
        problems.AddRange(found.Where(item => item.Entry.Problem is not null).Select(item => item.Entry));
        var photos = found.Where(item => item.Entry.Problem is null)
            .Select(item => (item.Entry.Path, classes[item.Root].Name, classes[item.Root].Split)).ToList();
        if (photos.Count == 0)
        {
            var example = Path.Join(path, isSplit ? "train/cat/1.jpg" : "cat/1.jpg");
            throw new InvalidDatasetException(path, $"a folder of photos for each class, such as {example}", Describe(folders, problems));
        }

        return PhotoList.Make(path, photos, problems, search.LeftOut);
    }

    private static List<ClassFolder> ClassesOf(string parent, List<string> names, DatasetSplits split) =>
        names.ConvertAll(name => new ClassFolder(parent, name, Path.Join(parent, name), split));

    private static List<ClassFolder> FindSplits(
        string root, List<string> folders, ImageFiles search, List<ImageFileEntry> problems)
    {
        var found = new List<ClassFolder>();
        var bySplit = folders.ToLookup(SplitWords.Find);
        problems.AddRange(bySplit[null].Select(name => new ImageFileEntry(
            Path.Join(root, name), "beside the folder train, only validation and test are searched")));
        foreach (var split in bySplit.Select(group => group.Key).OfType<DatasetSplits>().Order())
        {
            if (bySplit[split].Count() > 1)
            {
                throw new InvalidDatasetException(
                    root, $"one folder for {$"{split}".ToLowerInvariant()}", string.Join(" and ", bySplit[split]));
            }

            var path = Path.Join(root, bySplit[split].First());
            found.AddRange(ClassesOf(path, Subfolders(path, search, problems), split));
        }

        return found;
    }

    // The names of the folders in a folder; images beside them are of no class.
    private static List<string> Subfolders(string path, ImageFiles search, List<ImageFileEntry> problems)
    {
        var items = search.List(path, path, problems.Add);
        problems.AddRange(items.OfType<FileInfo>().Select(file => Path.Join(path, file.Name))
            .Where(file => ImageFiles.FindProblem(file) is null)
            .Select(file => new ImageFileEntry(file, "it lies outside of every class's folder")));
        return [.. items.OfType<DirectoryInfo>().Select(folder => folder.Name)];
    }

    private static string Describe(List<string> folders, List<ImageFileEntry> problems) => (folders.Count, problems.Count) switch
    {
        (0, 0) => "an empty folder",
        (0, _) => $"no folder within it ({problems[0].Path}: {problems[0].Problem})",
        _ => $"no photo in {string.Join(", ", folders.Take(3))}{(folders.Count > 3 ? ", ..." : "")}"
            + (ImageFormat.Count(problems.Select(problem => problem.Problem)) is { } count ? $" ({count.TrimEnd('.')})" : ""),
    };

    private sealed record ClassFolder(string Parent, string Name, string Path, DatasetSplits Split);
}
