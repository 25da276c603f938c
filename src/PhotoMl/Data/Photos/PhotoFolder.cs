using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Finds the photos of a folder that has one folder for each class.</summary>
/// <remarks><c>root/class/.../photo.jpg</c>, or divided, <c>root/train/class/</c> and beside it <c>validation</c> and <c>test</c>, or
/// <c>root/class/train/</c>, in the spellings of <see cref="SplitWords"/>. Other folders of such names are classes or parts of them. All
/// may lie below folders that hold nothing else. A photo belongs to one class: what a second link leads to is a problem of the list.
/// </remarks>
internal sealed class PhotoFolder
{
    private readonly ImageFiles _search = new();
    private readonly List<ImageFileEntry> _problems = [];

    public static PhotoList Open(string path)
    {
        if (!Directory.Exists(path))
        {
            var kind = File.Exists(path) ? "a file" : "no such folder";
            throw new InvalidDatasetException(path, "a folder with a folder of photos for each class", kind);
        }

        return new PhotoFolder().Search(path);
    }

    private PhotoList Search(string path)
    {
        var (root, folders) = Enter(path, IsWrapper);
        var isDivided = IsDivided(root, folders);
        var classes = isDivided ? SplitsOf(root, folders).SelectMany(FindClasses).ToList()
            : AreDivided(root, folders) ? ClassesOf(root, folders, DatasetSplits.Train).SelectMany(FindSplits).ToList()
            : ClassesOf(root, folders, DatasetSplits.None);
        var above = classes.Select(folder => Path.GetDirectoryName(folder.Path)!).Prepend(path).Distinct();
        var found = _search.Find(classes.ConvertAll(folder => folder.Path), above);
        _problems.AddRange(found.Where(item => item.Entry.Problem is not null).Select(item => item.Entry));
        var photos = found.Where(item => item.Entry.Problem is null)
            .Select(item => (item.Entry.Path, classes[item.Root].Name, classes[item.Root].Split)).ToList();
        if (photos.Count == 0)
        {
            var example = Path.Join(root, isDivided ? "train/cat/1.jpg" : "cat/1.jpg");
            throw new InvalidDatasetException(path, $"a folder of photos for each class, such as {example}", Describe(folders));
        }

        var unused = classes.SelectMany(folder => FoldersIn(folder.Path).Select(name => $"{folder.Name}/{name}").Prepend(folder.Name))
            .Where(name => IsSplit(Path.GetFileName(name))).Distinct().ToList();
        return PhotoList.Make(
            path,
            photos,
            _problems,
            root == path ? null : $"Classes are searched in {root}, which {path} holds alone.",
            unused.Count == 0 ? null : $"Read as classes or parts of them, not as splits: {ClassNameList.Few(unused, 5)}. "
                + "A split is a folder of class folders, such as train/cat.",
            _search.LeftOut);
    }

    private static bool IsSplit(string name) => SplitWords.Find(name) is not null;

    private static bool IsTrain(string name) => SplitWords.Find(name) == DatasetSplits.Train;

    // Whether a folder that is alone in another holds the collection, and is no class and no split.
    private static bool IsWrapper(string parent, string name)
    {
        var (path, folders) = (Path.Join(parent, name), FoldersIn(Path.Join(parent, name)));
        return folders.Count > 0 && !HasImages(parent) && (IsSplit(name) ? folders.Count(IsSplit) > 1 : !HasImages(path));
    }

    // Whether one of the folders is for training and holds classes, or all are splits.
    private static bool IsDivided(string root, List<string> folders)
    {
        return folders.Exists(name => IsTrain(name) && HoldsClasses(name, name.Equals("train", StringComparison.OrdinalIgnoreCase)))
            || (folders.TrueForAll(IsSplit) && (folders.Exists(IsTrain) || folders.TrueForAll(name => HoldsClasses(name))));

        bool HoldsClasses(string name, bool besidesImages = false) =>
            FoldersIn(Path.Join(root, name)).Count > 0 && (besidesImages || !HasImages(Path.Join(root, name)));
    }

    // Whether most classes consist of splits.
    private static bool AreDivided(string root, List<string> folders)
    {
        var parts = folders.ConvertAll(name => FoldersIn(Path.Join(root, name)));
        return parts.Exists(names => names.Exists(IsTrain))
            && 2 * parts.Count(names => names.Count > 0 && names.TrueForAll(IsSplit)) > parts.Count;
    }

    private static List<string> FoldersIn(string path) =>
        [.. new ImageFiles().List(path, path, static _ => { }).OfType<DirectoryInfo>().Select(folder => folder.Name)];

    private static bool HasImages(string path) =>
        new ImageFiles().List(path, path, static _ => { }).OfType<FileInfo>().Any(file => ImageFiles.FindProblem(file.FullName) is null);

    private static List<ClassFolder> ClassesOf(string parent, List<string> names, DatasetSplits split) =>
        names.ConvertAll(name => new ClassFolder(name, Path.Join(parent, name), split));

    // The classes of a split; a folder alone in it that is named so too, as archives have it, is the split itself.
    private List<ClassFolder> FindClasses(ClassFolder folder)
    {
        var (path, names) = Enter(folder.Path, (_, name) => SplitWords.Find(name) == folder.Split);
        return ClassesOf(path, names, folder.Split);
    }

    // The splits of a class; one that has none, though others have, is for training.
    private List<ClassFolder> FindSplits(ClassFolder folder) => !FoldersIn(folder.Path).Exists(IsSplit) ? [folder]
        : SplitsOf(folder.Path, Subfolders(folder.Path)).ConvertAll(split => split with { Name = folder.Name });

    private List<ClassFolder> SplitsOf(string root, List<string> folders)
    {
        var bySplit = folders.ToLookup(SplitWords.Find);
        var splits = bySplit.Where(names => names.Key is not null).OrderBy(names => names.Key).ToList();
        _problems.AddRange(bySplit[null].Select(name => new ImageFileEntry(
            Path.Join(root, name), $"beside the folder {splits[0].First()}, only validation and test are searched")));
        return splits.ConvertAll(names => names.Count() == 1
            ? new ClassFolder(names.First(), Path.Join(root, names.First()), names.Key!.Value)
            : throw new InvalidDatasetException(
                root, $"one folder for {$"{names.Key}".ToLowerInvariant()}", string.Join(" and ", names)));
    }

    // The folder, or the one alone in it that is meant instead, and what folders that has.
    private (string Path, List<string> Folders) Enter(string path, Func<string, string, bool> isMeant)
    {
        var folders = Subfolders(path);
        return folders is [var only] && isMeant(path, only) ? Enter(Path.Join(path, only), isMeant) : (path, folders);
    }

    // The names of the folders in a folder; images beside them are of no class.
    private List<string> Subfolders(string path)
    {
        var items = _search.List(path, path, _problems.Add);
        _problems.AddRange(items.OfType<FileInfo>().Select(file => Path.Join(path, file.Name))
            .Where(file => ImageFiles.FindProblem(file) is null)
            .Select(file => new ImageFileEntry(file, "it lies outside of every class's folder")));
        return [.. items.OfType<DirectoryInfo>().Select(folder => folder.Name)];
    }

    private string Describe(List<string> folders)
    {
        var names = $"{string.Join(", ", folders.Take(3))}{(folders.Count > 3 ? ", ..." : "")}";
        var kinds = folders.Count == 0 ? null : ImageFormat.Count(_problems.Select(problem => problem.Problem))?.TrimEnd('.');
        var reason = kinds ?? _problems.Select(problem => $"{problem.Path}: {problem.Problem}").FirstOrDefault();
        return (folders.Count == 0 ? reason is null ? "an empty folder" : "no folder within it" : $"no photo in {names}")
            + (reason is null ? "" : $" ({reason})");
    }

    private sealed record ClassFolder(string Name, string Path, DatasetSplits Split);
}
