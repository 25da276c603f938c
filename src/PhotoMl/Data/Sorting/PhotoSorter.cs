using PhotoMl.IO;

namespace PhotoMl.Data;

/// <summary>Puts copies or hard links of photos into folders, under a journal by which it can be continued or undone.</summary>
/// <remarks>
/// Originals are opened for reading only, and no file is ever replaced: a photo whose name is taken becomes <c>photo (2).jpg</c>. A photo is made under a temporary
/// name and gets its own only when it is whole. Every action is written to the journal before and after, so a crash between any two leaves at most a temporary
/// file, which the journal names.
/// </remarks>
public sealed class PhotoSorter : IDisposable
{
    private readonly SortJournal _journal;
    private readonly string _into;
    private readonly bool _isDryRun;
    private readonly Action<string>? _beforeStep;
    private readonly Lazy<HashSet<string>> _originals;

    private PhotoSorter(SortJournal journal, bool isDryRun, Action<string>? beforeStep)
    {
        _journal = journal;
        _into = journal.Header.Into!;
        _isDryRun = isDryRun;
        _beforeStep = beforeStep;
        _originals = new(() => journal.Records.Where(record => record.State == SortState.Plan).Select(record => RealPath.Of(record.Source!)).ToHashSet(RealPath.Comparer));
    }

    /// <summary>Tells what sorting photos would come to, and changes nothing.</summary>
    /// <param name="photos">The photos and their folders.</param>
    /// <param name="into">The folder that would be sorted into.</param>
    /// <param name="useHardLinks">Whether photos would be linked instead of copied.</param>
    /// <returns>How many would be put in their place, and those that could not be.</returns>
    /// <exception cref="InvalidDatasetException">The name of a folder is none, or leads elsewhere.</exception>
    /// <exception cref="OutputException">The folder cannot be made or written.</exception>
    public static SortOutcome DryRun(IReadOnlyList<SortedPhoto> photos, string into, bool useHardLinks = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(into);
        SortObstacle.CheckNames(photos);
        var root = Path.GetFullPath(into);
        if (SortObstacle.OfFolder(root) is { } reason)
        {
            throw new OutputException(root, reason);
        }

        var problems = photos.Select(photo => new ImageFileEntry(photo.Source, SortObstacle.OfPhoto(photo.Source, Path.Join(root, photo.Folder), useHardLinks)))
            .Where(photo => photo.Problem is not null).ToList();
        return new SortOutcome(photos.Count - problems.Count, problems);
    }

    /// <summary>Plans to sort photos; nothing but the folder and the journal is made.</summary>
    /// <param name="photos">The photos and their folders.</param>
    /// <param name="into">The folder that is sorted into; it is made where it is missing.</param>
    /// <param name="journal">The journal, which must not exist.</param>
    /// <param name="useHardLinks">Whether photos are linked instead of copied, which takes no room but needs the same disk.</param>
    /// <returns>The sorter, to be disposed by the caller.</returns>
    /// <exception cref="InvalidDatasetException">The name of a folder is none, or leads elsewhere.</exception>
    /// <exception cref="OutputException">The journal cannot be written.</exception>
    public static PhotoSorter Plan(IReadOnlyList<SortedPhoto> photos, string into, string journal, bool useHardLinks = false) =>
        Plan(photos, into, journal, useHardLinks, beforeStep: null);

    /// <summary>Opens a journal to go on with its plan, or to undo it.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="isDryRun">Whether <see cref="Run"/> and <see cref="Undo"/> only tell what they would come to, and change nothing.</param>
    /// <returns>The sorter, to be disposed by the caller.</returns>
    /// <exception cref="InvalidDatasetException">It is no journal, or names files outside of the folder that was sorted into.</exception>
    public static PhotoSorter Open(string journal, bool isDryRun = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(journal);
        var sorter = new PhotoSorter(SortJournal.Open(journal, mayRepair: !isDryRun), isDryRun, beforeStep: null);
        foreach (var record in sorter._journal.Records)
        {
            foreach (var path in new[] { record.Part, record.Target, record.State == SortState.Folder ? record.Folder : null }.OfType<string>())
            {
                if (Path.GetFullPath(path) != path || !path.StartsWith(sorter._into + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    sorter.Dispose();
                    throw new InvalidDatasetException(journal, $"files within {sorter._into}", path);
                }
            }
        }

        return sorter;
    }

    /// <summary>Puts all photos of the plan in their place that are not there yet.</summary>
    /// <param name="progress">Told the number of photos done after each.</param>
    /// <param name="cancellationToken">Stops between two photos; the journal can be continued.</param>
    /// <returns>How many were put in their place now, and those that could not be.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public SortOutcome Run(IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var history = _journal.Records.Where(record => record.State is not (SortState.Header or SortState.Folder)).ToLookup(record => record.Id!.Value);
        var (done, problems) = (0, new List<ImageFileEntry>());
        foreach (var photo in _journal.Records.Where(record => record.State == SortState.Plan).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var last = history[photo.Id!.Value].Last();
            if (last.State is SortState.Done or SortState.Undone)
            {
                continue;
            }

            if (last.State == SortState.Name && SortedFile.Holds(last.Target!, last.Sha256!))
            {
                Delete(history[photo.Id.Value].Last(record => record.State == SortState.Begin).Part!);
                Write(new SortRecord(SortState.Done) { Id = photo.Id });
                done++;
            }
            else if ((_isDryRun ? FindObstacle(photo) : Place(photo, history[photo.Id.Value])) is { } problem)
            {
                problems.Add(new ImageFileEntry(photo.Source!, problem));
            }
            else
            {
                done++;
            }

            progress?.Report(done + problems.Count);
        }

        return new SortOutcome(done, problems);
    }

    /// <summary>Takes away what was put in its place under the journal, if it is unchanged, and the folders that were made and are empty.</summary>
    /// <param name="progress">Told the number of photos taken away or kept after each.</param>
    /// <param name="cancellationToken">Stops between two photos; undoing can be called again.</param>
    /// <returns>How many photos were taken away, and those that are kept because they have changed.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public SortOutcome Undo(IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        var (done, problems) = (0, new List<ImageFileEntry>());
        foreach (var photo in _journal.Records.Where(record => record.Id is not null).GroupBy(record => record.Id!.Value).Reverse().ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var target = photo.Last().State is SortState.Name or SortState.Done ? photo.Last(record => record.State == SortState.Name) : null;
            try
            {
                foreach (var record in photo.Where(record => record.State == SortState.Begin))
                {
                    Delete(record.Part!);
                }

                if (target is not null && File.Exists(target.Target))
                {
                    done += TakeAway(target, photo.First(record => record.State == SortState.Plan).Source!, problems) ? 1 : 0;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problems.Add(new ImageFileEntry(target?.Target ?? photo.First().Source!, exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')));
            }

            progress?.Report(done + problems.Count);
        }

        if (!_isDryRun)
        {
            RemoveEmptyFolders();
        }

        return new SortOutcome(done, problems);
    }

    /// <summary>Lets go of the journal.</summary>
    public void Dispose() => _journal.Dispose();

    /// <summary>As the public one; a test may stop it before any step.</summary>
    internal static PhotoSorter Plan(IReadOnlyList<SortedPhoto> photos, string into, string journal, bool useHardLinks, Action<string>? beforeStep)
    {
        SortObstacle.CheckNames(photos);
        ArgumentException.ThrowIfNullOrEmpty(into);
        ArgumentException.ThrowIfNullOrEmpty(journal);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(into));
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(root, exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' '), exception);
        }

        var header = new SortRecord(SortState.Header) { Into = root, HardLinks = useHardLinks, Count = photos.Count };
        var plan = photos.Select((photo, id) => new SortRecord(SortState.Plan) { Id = id, Source = Path.GetFullPath(photo.Source), Folder = photo.Folder });
        return new PhotoSorter(SortJournal.Create(journal, header, plan), isDryRun: false, beforeStep);
    }

    private string? FindObstacle(SortRecord photo) =>
        SortObstacle.OfPhoto(photo.Source!, Path.Join(_into, photo.Folder), _journal.Header.HardLinks == true);

    private bool TakeAway(SortRecord named, string source, List<ImageFileEntry> problems)
    {
        if (!SortedFile.Holds(named.Target!, named.Sha256!))
        {
            problems.Add(new ImageFileEntry(named.Target!, "it has changed since, and is kept"));
            return false;
        }

        // It may be the only one that is left.
        if (!SortedFile.Holds(source, named.Sha256!))
        {
            problems.Add(new ImageFileEntry(named.Target!, $"its original, {source}, is gone or was changed, so the copy is kept"));
            return false;
        }

        if (_originals.Value.Contains(RealPath.Of(named.Target!)))
        {
            problems.Add(new ImageFileEntry(named.Target!, "a link leads to an original there, which is kept"));
            return false;
        }

        if (_isDryRun && SortObstacle.OfFolder(Path.GetDirectoryName(named.Target)!) is { } reason)
        {
            problems.Add(new ImageFileEntry(named.Target!, reason));
            return false;
        }

        Delete(named.Target!);
        Write(new SortRecord(SortState.Undone) { Id = named.Id });
        return true;
    }

    private void RemoveEmptyFolders()
    {
        foreach (var record in _journal.Records.Where(record => record.State == SortState.Folder && Directory.Exists(record.Folder)))
        {
            try
            {
                if (!Directory.EnumerateFileSystemEntries(record.Folder!).Any())
                {
                    Directory.Delete(record.Folder!);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // An empty folder that stays harms nobody.
            }
        }
    }

    private string? Place(SortRecord photo, IEnumerable<SortRecord> history)
    {
        var folder = Path.Join(_into, photo.Folder);
        var part = Path.Join(folder, $".photoml-{Guid.NewGuid():N}.part");
        try
        {
            foreach (var earlier in history.Where(record => record.State == SortState.Begin))
            {
                Delete(earlier.Part!); // a crash left it
            }

            if (!Directory.Exists(folder))
            {
                Write(new SortRecord(SortState.Folder) { Folder = folder });
                Directory.CreateDirectory(folder);
            }

            Write(new SortRecord(SortState.Begin) { Id = photo.Id, Part = part });
            _beforeStep?.Invoke("copy");
            var sha256 = SortedFile.Make(photo.Source!, part, _journal.Header.HardLinks == true);
            Name(photo, part, folder, sha256);
            Write(new SortRecord(SortState.Done) { Id = photo.Id });
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var problem = exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
            Delete(part);
            _journal.Write(new SortRecord(SortState.Failed) { Id = photo.Id, Problem = problem });
            return problem;
        }
    }

    private void Name(SortRecord photo, string part, string folder, string sha256)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(photo.Source!), Path.GetExtension(photo.Source!));
        for (var number = 1; ; number++)
        {
            var target = Path.Join(folder, number == 1 ? $"{stem}{extension}" : $"{stem} ({number}){extension}");
            if (Path.Exists(target))
            {
                continue;
            }

            Write(new SortRecord(SortState.Name) { Id = photo.Id, Target = target, Sha256 = sha256 });
            try
            {
                _beforeStep?.Invoke("move");
                File.Move(part, target, overwrite: false);
                return;
            }
            catch (IOException) when (Path.Exists(target))
            {
                // Another program was faster; the next name, then.
            }
        }
    }

    private void Write(SortRecord record)
    {
        if (!_isDryRun)
        {
            _beforeStep?.Invoke($"{record.State}");
            _journal.Write(record);
        }
    }

    private void Delete(string path)
    {
        if (!_isDryRun && File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
