using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>How many photos a class has.</summary>
public sealed class PhotoClassCounts
{
    internal PhotoClassCounts(string name, IEnumerable<PhotoInfo> photos)
    {
        Name = name;
        var counts = photos.ToLookup(photo => photo.Problem is null, photo => photo.Photo.Split);
        var readable = counts[true].CountBy(split => split).ToDictionary();
        Unassigned = readable.GetValueOrDefault(PhotoSplit.Unassigned);
        Train = readable.GetValueOrDefault(PhotoSplit.Train);
        Validation = readable.GetValueOrDefault(PhotoSplit.Validation);
        Test = readable.GetValueOrDefault(PhotoSplit.Test);
        Unreadable = counts[false].Count();
    }

    /// <summary>The class.</summary>
    public string Name { get; }

    /// <summary>Readable photos without a split.</summary>
    public int Unassigned { get; }

    /// <summary>Readable photos to train on.</summary>
    public int Train { get; }

    /// <summary>Readable photos to choose the best epoch by.</summary>
    public int Validation { get; }

    /// <summary>Readable photos to evaluate on.</summary>
    public int Test { get; }

    /// <summary>Photos that cannot be read, of all splits.</summary>
    public int Unreadable { get; }

    /// <summary>The photos that can be trained on: those without a split, or to train on.</summary>
    public int Trainable => Unassigned + Train;

    /// <summary>All readable photos.</summary>
    public int Readable => Trainable + Validation + Test;

    /// <summary>The readable photos of one split.</summary>
    /// <param name="split">The split.</param>
    /// <returns>Their number.</returns>
    public int In(PhotoSplit split) => split switch
    {
        PhotoSplit.Train => Train,
        PhotoSplit.Validation => Validation,
        PhotoSplit.Test => Test,
        _ => Unassigned,
    };
}
