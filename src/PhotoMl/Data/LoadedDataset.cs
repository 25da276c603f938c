namespace PhotoMl.Data;

/// <summary>A data set ready to train on and judge by, with where it came from.</summary>
public sealed class LoadedDataset : IDisposable
{
    private readonly ImageDataset? _train;
    private readonly ImageDataset? _test;

    internal LoadedDataset(DatasetContent content)
    {
        Id = content.Id;
        Title = content.Title;
        Source = content.Source;
        Notice = content.Notice;
        _train = ToDataset("train", content.Train, content);
        _test = ToDataset("test", content.Test, content);
    }

    /// <summary>The id of the known set, or the path of the folder.</summary>
    public string Id { get; }

    /// <summary>The name it is shown by.</summary>
    public string Title { get; }

    /// <summary>Where it was found: a folder, or <c>built in</c>.</summary>
    public string Source { get; }

    /// <summary>One line the user must see, such as that another set stands in for the one wished for; usually <see langword="null"/>.</summary>
    public string? Notice { get; }

    /// <summary>The images to train on; they are disposed with this object.</summary>
    /// <exception cref="InvalidOperationException">They were not loaded.</exception>
    public ImageDataset Train => _train ?? throw new InvalidOperationException($"Expected DatasetSplits.Train to be loaded of {Id}, but it was not.");

    /// <summary>The images to judge by; they are disposed with this object.</summary>
    /// <exception cref="InvalidOperationException">They were not loaded.</exception>
    public ImageDataset Test => _test ?? throw new InvalidOperationException($"Expected DatasetSplits.Test to be loaded of {Id}, but it was not.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _train?.Dispose();
        _test?.Dispose();
    }

    private static ImageDataset? ToDataset(string split, LabelledImages? images, DatasetContent content) =>
        images is null
            ? null
            : ImageDataset.FromBytes($"{content.Id} {split}", images, content.ClassNames, content.Preprocessing, content.Notice);
}
