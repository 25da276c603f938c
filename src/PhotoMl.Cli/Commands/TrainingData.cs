using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Cli.Commands;

/// <summary>The images of a run: all or some of the training images, and all test images.</summary>
internal sealed class TrainingData : IDisposable
{
    private readonly LoadedDataset _loaded;
    private readonly ImageDataset? _some;

    /// <summary>Takes over a data set.</summary>
    public TrainingData(LoadedDataset loaded, int? limit, long seed)
    {
        _loaded = loaded;
        _some = limit is { } count ? loaded.Train.Select(SeededSubset.Take(loaded.Train.Count, count, seed)) : null;
    }

    /// <summary>The id of the known set, or the folder.</summary>
    public string Id => _loaded.Id;

    /// <summary>The name it is shown by.</summary>
    public string Title => _loaded.Title;

    /// <summary>The images to train on.</summary>
    public ImageDataset Train => _some ?? _loaded.Train;

    /// <summary>The images to judge by.</summary>
    public ImageDataset Test => _loaded.Test;

    /// <summary>The network for these images.</summary>
    public ConvClassifierOptions Network => new()
    {
        Channels = Train.Channels,
        Height = Train.Height,
        Width = Train.Width,
        Classes = Train.ClassNames.Count,
    };

    /// <summary>Checks that a classifier can be trained on the images.</summary>
    /// <exception cref="InputException">They are too small, too few, or of one class.</exception>
    public void CheckTrainable(double validationShare)
    {
        const int Smallest = ConvClassifierOptions.SmallestImage;
        if (Train.Height < Smallest || Train.Width < Smallest)
        {
            throw new InputException(Id, $"images of at least {Smallest}x{Smallest} pixels", $"{Train.Height}x{Train.Width}");
        }

        if (Train.ClassNames.Count < 2)
        {
            throw new InputException(Id, "images of at least two classes", $"{Train.ClassNames.Count}");
        }

        // Half an image or more is rounded to the one that must be held out.
        var fewest = (int)Math.Ceiling(0.5 / validationShare) + 1;
        if (Train.Count < fewest)
        {
            throw new InputException(
                Id, $"at least {fewest} training images, so that {validationShare:P1} of them can be held out", $"{Train.Count}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _some?.Dispose();
        _loaded.Dispose();
    }
}
