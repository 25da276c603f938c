using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PhotoMl.Data;

/// <summary>Puts copies or hard links of photos into folders, and takes them away again.</summary>
/// <remarks>Originals are opened for reading only, and no file is ever replaced: a photo whose name is taken becomes <c>photo (2).jpg</c>.
/// A photo that is in its folder already stays as it is, so sorting the same photos again goes on where it was stopped. A file has its name
/// only when it is whole.</remarks>
public static class PhotoSorter
{
    private const int LongestName = 255; // bytes of UTF-8, as of most file systems
    private const string Reserved = "%/\\:*?\"<>|"; // "%", so that the label can be had back, and what no name may hold on Windows
    private const string Device = @"^(CON|PRN|AUX|NUL|(COM|LPT)[0-9¹²³]) *(\.|$)"; // of Windows, whatever follows a dot

    /// <summary>The name of the folder of a label, such as a class, one that every system takes.</summary>
    /// <param name="label">The label.</param>
    /// <returns>The label, of which the characters <c>% / \ : * ? " &lt; &gt; |</c> and control characters, a leading dot, a dot or space
    /// at the end, and the first letter of a device of Windows or of what systems keep beside photos, such as CON and @eaDir, are escaped
    /// as in a URL: <c>n/a</c> becomes <c>n%2Fa</c>, and <see cref="Uri.UnescapeDataString(string)"/> gives the label again. Only what is
    /// too long, 255 bytes of UTF-8, is cut, and ends in <c>%~</c> and a hash; an empty label becomes <c>%</c>.</returns>
    public static string FolderOf(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        var isTaken = SystemNames.Find(label) is not null
            || Regex.IsMatch(label, Device, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        var name = string.Concat(label.Select((letter, i) => IsEscaped(letter, i) ? $"%{(int)letter:X2}" : $"{letter}"));
        var bytes = Encoding.UTF8.GetBytes(name);
        var ending = $"%~{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}";
        return name.Length == 0 ? "%"
            : bytes.Length <= LongestName ? name
            : Encoding.UTF8.GetString(bytes, 0, LongestName - ending.Length).TrimEnd('\ufffd') + ending;

        bool IsEscaped(char letter, int index) => char.IsAscii(letter) && (char.IsControl(letter) || Reserved.Contains(letter)
            || (index == 0 && isTaken) || (index == label.Length - 1 && letter is '.' or ' '));
    }

    /// <summary>Puts photos into their folders.</summary>
    /// <param name="photos">The photos, and the label of each, such as its class; photos of a label come into the folder
    /// <see cref="FolderOf"/>.</param>
    /// <param name="list">The list of what is made, by which it can be undone; it must not exist, and its folder is sorted into.</param>
    /// <param name="useHardLinks">Whether photos are linked instead of copied, which takes no room but needs the same disk.</param>
    /// <param name="isDryRun">Whether only the result is computed, and nothing is changed.</param>
    /// <param name="progress">Given the number of photos done after each.</param>
    /// <param name="cancellationToken">Stops between two photos.</param>
    /// <returns>How many were put in their place, how many were there, and those that could not be.</returns>
    /// <exception cref="InvalidDatasetException">A folder is a link to elsewhere.</exception>
    /// <exception cref="OutputException">The folder or the list cannot be made.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SortOutcome Sort(
        IReadOnlyList<(string Source, string Label)> photos,
        string list,
        bool useHardLinks = false,
        bool isDryRun = false,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photos);
        ArgumentException.ThrowIfNullOrEmpty(list);
        var into = Path.GetDirectoryName(Path.GetFullPath(list))!;
        (string Source, string Folder)[] places = [.. photos.Select(photo => (photo.Source, FolderOf(photo.Label)))];
        var folders = places.Select(place => Path.Join(into, place.Folder)).Distinct().ToList();
        if (folders.Find(folder => !IsWithin(folder, into)) is { } outside)
        {
            throw new InvalidDatasetException(outside, $"a folder within {into}", "a link to another");
        }

        if (DiskAccess.FindObstacle(into) is { } reason)
        {
            throw new OutputException(into, reason);
        }

        using var made = isDryRun ? null : new SortList(list);
        if (!isDryRun)
        {
            DeleteLeftovers(folders, made: []);
        }

        var taken = new HashSet<string>(RealPath.Comparer);
        return ForEach(places, photo => photo.Source, Put, progress, cancellationToken);

        bool Put((string Source, string Folder) photo)
        {
            var (source, folder) = (Path.GetFullPath(photo.Source), Path.Join(into, photo.Folder));
            var (target, isPresent) = FindPlace(source, folder, taken);
            using var original = isPresent ? null : Open(source);
            if (original is not null && made is not null)
            {
                Make(original, photo.Folder, target, useHardLinks, made);
            }
            else if (!isPresent)
            {
                var isTooLong = OperatingSystem.IsLinux() && Encoding.UTF8.GetByteCount(Path.GetFileName(target)) > LongestName;
                ThrowIf(isTooLong ? "its name has no room for a number" : null);
                ThrowIf(DiskAccess.FindObstacle(folder) ?? (useHardLinks ? DiskAccess.FindLinkObstacle(source, folder) : null));
            }

            taken.Add(target);
            return !isPresent;
        }
    }

    /// <summary>Takes away what a list says was made, where it and its original are unchanged, and folders that are empty then.</summary>
    /// <param name="list">The list.</param>
    /// <param name="isDryRun">Whether only the result is computed, and nothing is changed.</param>
    /// <param name="progress">Given the number of photos taken away or kept after each.</param>
    /// <param name="cancellationToken">Stops between two photos; undoing can be called again.</param>
    /// <returns>How many photos were taken away, and those that are kept, each with the reason.</returns>
    /// <exception cref="InvalidDatasetException">It is no list of sorted photos.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SortOutcome Undo(
        string list, bool isDryRun = false, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(list);
        var into = Path.GetDirectoryName(Path.GetFullPath(list))!;
        var entries = SortList.Read(list).ToLookup(entry => entry.Source is not null);
        var originals = entries[true].Select(entry => RealPath.Of(entry.Source!)).ToHashSet(RealPath.Comparer);
        var outcome = ForEach(entries[true], photo => Path.Join(into, photo.Target), Remove, progress, cancellationToken);
        if (!isDryRun)
        {
            DeleteLeftovers(
                entries[true].Select(entry => Path.GetDirectoryName(Path.Join(into, entry.Target))!),
                entries[false].Select(entry => Path.Join(into, entry.Target)).Where(folder => IsWithin(folder, into)).ToHashSet());
        }

        return outcome with { Present = 0 };

        bool Remove(SortListEntry photo)
        {
            var target = Path.Join(into, photo.Target);
            if (!File.Exists(target))
            {
                return false;
            }

            ThrowIf(FindReasonToKeep(photo, target, into, originals));
            if (isDryRun)
            {
                ThrowIf(DiskAccess.FindObstacle(Path.GetDirectoryName(target)!));
            }
            else
            {
                File.Delete(target);
            }

            return true;
        }
    }

    // Counts the photos for which something was done, and those for which nothing had to be.
    private static SortOutcome ForEach<T>(
        IEnumerable<T> photos, Func<T, string> path, Func<T, bool> act, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var (done, present, problems) = (0, 0, new List<ImageFileEntry>());
        foreach (var photo in photos)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                (done, present) = act(photo) ? (done + 1, present) : (done, present + 1);
            }
            catch (Exception exception) when (AtomicFile.IsFailure(exception) || exception is OutputException)
            {
                var problem = exception is OutputException ? exception.Message : AtomicFile.Describe(exception);
                problems.Add(new ImageFileEntry(path(photo), problem));
            }

            progress?.Report(done + present + problems.Count);
        }

        return new SortOutcome(done, present, problems);
    }

    /// <summary>Finds where a photo is already, or else the first name that is free.</summary>
    private static (string Target, bool IsPresent) FindPlace(string source, string folder, HashSet<string> taken)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(source), Path.GetExtension(source));
        for (var number = 1; ; number++)
        {
            var target = Path.Join(folder, number == 1 ? $"{stem}{extension}" : $"{stem} ({number}){extension}");
            if (taken.Contains(target))
            {
                continue; // without a look at the disk: thousands of photos may have one name
            }

            var isThere = Path.Exists(target);
            if (!isThere || HaveSameContent(source, target))
            {
                return (target, isThere);
            }
        }
    }

    private static void Make(FileStream original, string folderName, string target, bool useHardLinks, SortList made)
    {
        var (source, folder, name) = (original.Name, Path.GetDirectoryName(target)!, Path.Join(folderName, Path.GetFileName(target)));
        var temporary = AtomicFile.NewTemporary(target);
        try
        {
            if (!Directory.Exists(folder))
            {
                made.Add(folderName);
                Directory.CreateDirectory(folder);
            }

            if (useHardLinks)
            {
                made.Add(name, source, HashOf(source));
                DiskAccess.CreateHardLink(RealPath.Of(source), target); // a link to a link would lead nowhere where that is relative
                return;
            }

            using (var output = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                original.CopyTo(output);
                output.Flush(flushToDisk: true);
            }

            File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(source));
            made.Add(name, source, HashOf(temporary)); // of what was copied, whatever becomes of the source
            File.Move(temporary, target, overwrite: false);
        }
        catch (Exception exception) when (AtomicFile.IsFailure(exception))
        {
            AtomicFile.Delete(temporary);
            throw new OutputException(target, AtomicFile.Describe(exception, folder), exception);
        }
    }

    private static string? FindReasonToKeep(SortListEntry entry, string target, string into, HashSet<string> originals) =>
        !IsWithin(target, into) ? $"it lies outside of {into}, and is kept"
        : originals.Contains(RealPath.Of(target)) ? "a link leads to an original there, which is kept"
        : !Holds(target, entry.Sha256!) ? "it has changed since, and is kept"
        : !Holds(entry.Source!, entry.Sha256!) ? $"its original, {entry.Source}, is gone or was changed, so the copy is kept"
        : null;

    // Temporary files of a killed process go from all folders, and of these go those that were made and are empty.
    private static void DeleteLeftovers(IEnumerable<string> folders, HashSet<string> made)
    {
        foreach (var folder in folders.Union(made).Where(Directory.Exists))
        {
            AtomicFile.IgnoreFailure(() => // an empty folder that stays harms nobody
            {
                AtomicFile.DeleteLeftovers(folder);
                if (made.Contains(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
                {
                    Directory.Delete(folder);
                }
            });
        }
    }

    private static bool IsWithin(string path, string folder) => RealPath.IsWithin(RealPath.Of(path), RealPath.Of(folder));

    private static bool HaveSameContent(string source, string target)
    {
        using var original = Open(source);
        return new FileInfo(target) is { Exists: true } file && file.Length == original.Length && Holds(target, HashOf(source));
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
        using var file = Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static FileStream Open(string path) => RegularFile.Open(path, FileShare.ReadWrite | FileShare.Delete);

    private static void ThrowIf(string? obstacle)
    {
        if (obstacle is not null)
        {
            throw new IOException(obstacle);
        }
    }
}

/// <summary>What sorting, or undoing it, came to.</summary>
/// <param name="Done">How many photos were put in their place, or taken away again.</param>
/// <param name="Present">How many were in their place already.</param>
/// <param name="Problems">The photos that were left as they are, each with its reason.</param>
public sealed record SortOutcome(int Done, int Present, IReadOnlyList<ImageFileEntry> Problems);
