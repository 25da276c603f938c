namespace PhotoMl.Data;

/// <summary>A data set ready to train and test on, with where it came from.</summary>
public sealed class LoadedDataset : IDisposable
{
    private readonly ImageDataset? _train;
    private readonly ImageDataset? _test;

    internal LoadedDataset(string id, string title, string source, ImageDataset? train, ImageDataset? validation, ImageDataset? test)
    {
        (Id, Title, Source) = (id, title, source);
        (_train, Validation, _test) = (train, validation, test);
    }

    /// <summary>The id of the known set, or the path of the folder.</summary>
    public string Id { get; }

    /// <summary>The name it is shown by.</summary>
    public string Title { get; }

    /// <summary>Where it was found: a folder, or <c>built in</c>.</summary>
    public string Source { get; }

    /// <summary>One line the user must see, such as that another set stands in for the one asked for; usually null.</summary>
    public string? Notice { get; init; }

    /// <summary>Lines that a user should see, such as which splits a folder has; of known sets there are none.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Whether these are a user's photos, rather than a known set.</summary>
    public bool IsPhotos { get; internal init; }

    /// <summary>Whether it is one of the catalog's, whose classes have names that last.</summary>
    internal bool IsKnown { get; init; }

    /// <summary>The photos that were left out, each with the reason.</summary>
    public IReadOnlyList<ImageFileEntry> Skipped { get; init; } = [];

    /// <summary>What a user should be shown: <see cref="Notice"/>, <see cref="Remarks"/>, and the first of <see cref="Skipped"/>.</summary>
    public IEnumerable<StatusMessage> Messages
    {
        get
        {
            const int MaxShown = 5;
            var count = Skipped.Count;
            IEnumerable<string> skipped =
            [
                $"{Id}: left out {count:N0} {(count == 1 ? "file" : "files")}:",
                .. Skipped.Take(MaxShown).Select(photo => $"  {photo.Path}: {photo.Problem}"),
                .. count <= MaxShown ? [] : new[] { $"  and {count - MaxShown:N0} more" },
            ];
            return
            [
                .. Notice is null ? [] : new[] { new StatusMessage(Notice, IsWarning: true) },
                .. Remarks.Select(remark => new StatusMessage(remark, IsWarning: false)),
                .. skipped.Where(_ => count > 0).Select(line => new StatusMessage(line, IsWarning: true)),
            ];
        }
    }

    /// <summary>Whether there are images to test on.</summary>
    public bool HasTest => _test is not null;

    /// <summary>The images to train on, of photos without splits all of them; they are disposed with this object.</summary>
    /// <exception cref="InvalidOperationException">They were not loaded.</exception>
    public ImageDataset Train => Required(_train, DatasetSplits.Train);

    /// <summary>The images to choose the best epoch by, disposed with this object; null where the data set has none.</summary>
    public ImageDataset? Validation { get; }

    /// <summary>The images to test on; they are disposed with this object.</summary>
    /// <exception cref="InvalidOperationException">They were not loaded, or there are none.</exception>
    public ImageDataset Test => Required(_test, DatasetSplits.Test);

    /// <inheritdoc/>
    public void Dispose()
    {
        _train?.Dispose();
        Validation?.Dispose();
        _test?.Dispose();
    }

    private ImageDataset Required(ImageDataset? images, DatasetSplits split) =>
        images ?? throw new InvalidOperationException($"Expected {nameof(DatasetSplits)}.{split} to be loaded of {Id}, but it was not.");
}
