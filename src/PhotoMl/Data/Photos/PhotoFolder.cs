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
    private readonly List<string> _remarks = [];

    public static PhotoList Open(string path) => new PhotoFolder().Find(path);

    private PhotoList Find(string path)
    {
        if (!Directory.Exists(path))
        {
            var kind = File.Exists(path) ? "a file" : "no such folder";
            throw new InvalidDatasetException(path, "a folder with a folder of photos for each class", kind);
        }

        var classes = FindClasses(path, DatasetSplits.None);
        var above = classes.Select(folder => Path.GetDirectoryName(folder.Path)!).Prepend(path).Distinct();
        var found = _search.Find(classes.ConvertAll(folder => folder.Path), above);
        _problems.AddRange(found.Where(item => item.Entry.Problem is not null).Select(item => item.Entry));
        var photos = found.Where(item => item.Entry.Problem is null)
            .Select(item => (item.Entry.Path, classes[item.Root].Name, classes[item.Root].Split)).ToList();
        if (photos.Count == 0)
        {
            var folders = FoldersIn(path);
            var example = Path.Join(path, IsDivided(path, folders) ? "train/cat/1.jpg" : "cat/1.jpg");
            throw new InvalidDatasetException(path, $"a folder of photos for each class, such as {example}", Describe(folders));
        }

        var inner = classes.SelectMany(folder => FoldersIn(folder.Path), (folder, name) => (Class: folder.Name, Name: name))
            .Distinct().ToList();
        var unused = classes.Select(folder => folder.Name).Concat(inner.Select(folder => $"{folder.Class}/{folder.Name}"))
            .Where(name => IsSplit(Path.GetFileName(name))).Distinct().ToList();
        var repeated = inner.CountBy(folder => folder.Name)
            .Where(name => !IsSplit(name.Key) && (name.Value > 1 || classes.Exists(folder => folder.Name == name.Key)))
            .Select(name => name.Key).ToList();
        string?[] remarks =
        [
            unused.Count == 0 ? null : $"Read as classes or parts of them, not as splits: {ClassNameList.Few(unused, 5)}. "
                + "A split is a folder of class folders, such as train/cat.",
            repeated.Count == 0 ? null
                : $"Read as parts of classes, though several have them or are named so: {ClassNameList.Few(repeated, 5)}.",
        ];
        return PhotoList.Make(path, photos, _problems, [.. _remarks, .. remarks, _search.LeftOut]);
    }

    private static bool IsSplit(string name) => SplitWords.Find(name) is not null;

    private static bool IsTrain(string name) => SplitWords.Find(name) == DatasetSplits.Train;

    // Whether a folder that is alone in another holds the collection, and is no class and no split.
    private static bool IsWrapper(string parent, string name) => HoldsClasses(parent) && HoldsClasses(Path.Join(parent, name))
        && (!IsSplit(name) || FoldersIn(Path.Join(parent, name)).Count(IsSplit) > 1);

    // Whether one of the folders is for training and holds classes, or all are splits.
    private static bool IsDivided(string root, List<string> folders) =>
        folders.Exists(name => IsTrain(name) && (HoldsClasses(Path.Join(root, name))
            || (name.Equals("train", StringComparison.OrdinalIgnoreCase) && FoldersIn(Path.Join(root, name)).Count > 0)))
        || (folders.TrueForAll(IsSplit) && folders.Exists(name => IsTrain(name) || HoldsClasses(Path.Join(root, name))));

    private static bool HoldsClasses(string path) => FoldersIn(path).Count > 0 && !new ImageFiles().List(path, path, static _ => { })
        .OfType<FileInfo>().Any(file => ImageFiles.FindProblem(file.FullName) is null);

    // Whether most classes consist of splits.
    private static bool AreDivided(string root, List<string> folders) => folders.Count < 2 * folders.Count(name =>
        FoldersIn(Path.Join(root, name)) is var parts && parts.Exists(IsTrain) && parts.TrueForAll(IsSplit));

    private static List<string> FoldersIn(string path) => !Directory.Exists(path) ? []
        : [.. new DirectoryInfo(path).EnumerateDirectories("*", new EnumerationOptions { IgnoreInaccessible = true })
            .Where(folder => SystemNames.Find(folder) is null).Select(folder => folder.Name).Order(StringComparer.Ordinal)];

    // The classes in a folder that is a split, or in one that may be divided into such.
    private List<ClassFolder> FindClasses(string path, DatasetSplits split)
    {
        var (folders, isRoot) = (Subfolders(path), split == DatasetSplits.None);
        if (folders is [var only] && (isRoot ? IsWrapper(path, only) : SplitWords.Find(only) == split))
        {
            _remarks.Add($"Classes are searched in {Path.Join(path, only)}, the only folder in {path}.");
            return FindClasses(Path.Join(path, only), split);
        }

        return isRoot && IsDivided(path, folders) ? [.. FindSplits(path, folders).SelectMany(part => FindClasses(part.Path, part.Split))]
            : isRoot && AreDivided(path, folders) ? [.. folders.SelectMany(name => FindParts(name, Path.Join(path, name)))]
            : folders.ConvertAll(name => new ClassFolder(name, Path.Join(path, name), split));
    }

    // The splits of a class; one that has none, though others have, is for training.
    private List<ClassFolder> FindParts(string name, string path) => FoldersIn(path).Exists(IsSplit)
        ? FindSplits(path, Subfolders(path)).ConvertAll(part => part with { Name = name })
        : [new ClassFolder(name, path, DatasetSplits.Train)];

    private List<ClassFolder> FindSplits(string root, List<string> folders)
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
        var kinds = folders.Count == 0 ? null : ImageFormat.Count(_problems.Select(problem => problem.Problem))?.TrimEnd('.');
        var reason = kinds ?? _problems.Select(problem => $"{problem.Path}: {problem.Problem}").FirstOrDefault();
        var found = folders.Count > 0 ? $"no photo in {ClassNameList.Few(folders)}" : "no folder within it";
        return reason is not null ? $"{found} ({reason})" : folders.Count > 0 ? found : "an empty folder";
    }

    private sealed record ClassFolder(string Name, string Path, DatasetSplits Split);
}
