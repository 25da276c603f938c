namespace PhotoMl.Quality;

/// <summary>Finds photos that are held-out ones again: the same file, or nearly the same photo.</summary>
internal static class HeldOutCopies
{
    public static HashSet<string> Find(
        IReadOnlyCollection<PhotoInfo> photos, IReadOnlyCollection<PhotoInfo> heldOut, CancellationToken cancellationToken)
    {
        var files = heldOut.Select(photo => photo.Sha256).Where(hash => hash.Length > 0).ToHashSet();
        var found = photos.Where(photo => files.Contains(photo.Sha256)).Select(photo => photo.Path).ToHashSet();
        PhotoInfo[] all = [.. heldOut, .. photos];
        PerceptualHash.ForEachPair(
            [.. all.Select(photo => photo.Hash)],
            PhotoDuplicates.NearDuplicateBits,
            (later, earlier, _) =>
            {
                if (later >= heldOut.Count && earlier < heldOut.Count && PhotoDuplicates.AreNear(all[later], all[earlier]))
                {
                    found.Add(all[later].Path);
                }
            },
            cancellationToken);
        return found;
    }
}
