using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>A data set in managed memory, with where it came from.</summary>
internal sealed record DatasetContent
{
    /// <summary>The id of the known set, or the path of the folder.</summary>
    public required string Id { get; init; }

    /// <summary>The name it is shown by.</summary>
    public required string Title { get; init; }

    /// <summary>Where it was found: a folder, or <c>built in</c>.</summary>
    public required string Source { get; init; }

    /// <summary>One line the user must see, such as that another set stands in for the one asked for; usually <see langword="null"/>.</summary>
    public string? Notice { get; init; }

    /// <summary>The name of each class.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>How a picture on disk becomes an image like these.</summary>
    public required ImagePreprocessing Preprocessing { get; init; }

    /// <summary>The images to train on; <see langword="null"/> where they were not asked for.</summary>
    public LabelledImages? Train { get; init; }

    /// <summary>The images to test on; <see langword="null"/> where they were not asked for.</summary>
    public LabelledImages? Test { get; init; }
}
