using System.Security.Cryptography;

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
    private readonly Action<string>? _beforeStep;

    private PhotoSorter(SortJournal journal, Action<string>? beforeStep)
    {
        _journal = journal;
        _into = journal.Header.Into!;
        _beforeStep = beforeStep;
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
    /// <returns>The sorter, to be disposed by the caller.</returns>
    /// <exception cref="InvalidDatasetException">It is no journal, or names files outside of the folder that was sorted into.</exception>
    public static PhotoSorter Open(string journal)
    {
        ArgumentException.ThrowIfNullOrEmpty(journal);
        var sorter = new PhotoSorter(SortJournal.Open(journal), beforeStep: null);
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

            if (last.State == SortState.Name && Holds(last.Target!, last.Sha256!))
            {
                Delete(history[photo.Id.Value].Last(record => record.State == SortState.Begin).Part!);
                _journal.Write(new SortRecord(SortState.Done) { Id = photo.Id });
                done++;
            }
            else if (Place(photo, history[photo.Id.Value]) is { } problem)
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
    /// <returns>How many photos were taken away, and those that are kept because they have changed.</returns>
    public SortOutcome Undo()
    {
        var (done, problems) = (0, new List<ImageFileEntry>());
        foreach (var photo in _journal.Records.Where(record => record.Id is not null).GroupBy(record => record.Id!.Value).Reverse().ToList())
        {
            var target = photo.Last().State is SortState.Name or SortState.Done ? photo.Last(record => record.State == SortState.Name) : null;
            try
            {
                foreach (var record in photo.Where(record => record.State == SortState.Begin))
                {
                    Delete(record.Part!);
                }

                if (target is not null && File.Exists(target.Target))
                {
                    TakeAway(target, problems);
                    done += File.Exists(target.Target) ? 0 : 1;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                problems.Add(new ImageFileEntry(target?.Target ?? photo.First().Source!, exception.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')));
            }
        }

        RemoveEmptyFolders();
        return new SortOutcome(done, problems);
    }

    /// <summary>Lets go of the journal.</summary>
    public void Dispose() => _journal.Dispose();

    /// <summary>As the public one; a test may stop it before any step.</summary>
    internal static PhotoSorter Plan(IReadOnlyList<SortedPhoto> photos, string into, string journal, bool useHardLinks, Action<string>? beforeStep)
    {
        ArgumentNullException.ThrowIfNull(photos);
        ArgumentException.ThrowIfNullOrEmpty(into);
        ArgumentException.ThrowIfNullOrEmpty(journal);
        foreach (var photo in photos)
        {
            if (photo.Folder.Length == 0 || photo.Folder.StartsWith('.') || photo.Folder.Any(c => char.IsControl(c) || c is '/' or '\\' or ':'))
            {
                throw new InvalidDatasetException(photo.Source, "the name of a folder for its class", $"'{photo.Folder}'");
            }
        }

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
        return new PhotoSorter(SortJournal.Create(journal, header, plan), beforeStep);
    }

    private void TakeAway(SortRecord named, List<ImageFileEntry> problems)
    {
        if (!Holds(named.Target!, named.Sha256!))
        {
            problems.Add(new ImageFileEntry(named.Target!, "it has changed since, and is kept"));
            return;
        }

        Delete(named.Target!);
        _journal.Write(new SortRecord(SortState.Undone) { Id = named.Id });
    }

    private void RemoveEmptyFolders()
    {
        foreach (var record in _journal.Records.Where(record => record.State == SortState.Folder && Directory.Exists(record.Folder)))
        {
            if (!Directory.EnumerateFileSystemEntries(record.Folder!).Any())
            {
                Directory.Delete(record.Folder!);
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
            var sha256 = Make(photo.Source!, part);
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

    /// <summary>Makes the temporary file and computes the hash of what is in it.</summary>
    private string Make(string source, string part)
    {
        _beforeStep?.Invoke("copy");
        if (_journal.Header.HardLinks == true)
        {
            HardLink.Create(source, part);
            return HashOf(part);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var input = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        using (var output = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            var buffer = new byte[1 << 16];
            int read;
            while ((read = input.Read(buffer)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                output.Write(buffer, 0, read);
            }

            output.Flush(flushToDisk: true);
        }

        File.SetLastWriteTimeUtc(part, File.GetLastWriteTimeUtc(source));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void Write(SortRecord record)
    {
        _beforeStep?.Invoke($"{record.State}");
        _journal.Write(record);
    }

    private static bool Holds(string path, string sha256)
    {
        try
        {
            return File.Exists(path) && HashOf(path) == sha256;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string HashOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
