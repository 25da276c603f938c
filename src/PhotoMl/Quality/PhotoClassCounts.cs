using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>How many photos a class has.</summary>
public sealed class PhotoClassCounts
{
    private readonly ILookup<DatasetSplits, PhotoInfo> _readable;

    internal PhotoClassCounts(string name, IEnumerable<PhotoInfo> photos)
    {
        Name = name;
        _readable = photos.Where(photo => photo.Problem is null).ToLookup(photo => photo.Split);
        Unreadable = photos.Count(photo => photo.Problem is not null);
    }

    /// <summary>The class.</summary>
    public string Name { get; }

    /// <summary>Readable photos without a split.</summary>
    public int Unassigned => In(DatasetSplits.None);

    /// <summary>Readable photos to train on.</summary>
    public int Train => In(DatasetSplits.Train);

    /// <summary>Readable photos to choose the best epoch by.</summary>
    public int Validation => In(DatasetSplits.Validation);

    /// <summary>Readable photos to evaluate on.</summary>
    public int Test => In(DatasetSplits.Test);

    /// <summary>Photos that cannot be read, of all splits.</summary>
    public int Unreadable { get; }

    /// <summary>The photos that can be trained on: those without a split, or to train on.</summary>
    public int Trainable => Unassigned + Train;

    /// <summary>All readable photos.</summary>
    public int Readable => Trainable + Validation + Test;

    /// <summary>The readable photos of one split.</summary>
    /// <param name="split">The split.</param>
    /// <returns>Their number.</returns>
    public int In(DatasetSplits split) => _readable[split].Count();
}
