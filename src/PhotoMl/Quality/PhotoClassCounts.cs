using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>How many photos a class has.</summary>
/// <param name="Name">The class.</param>
/// <param name="Unassigned">Readable photos without a split.</param>
/// <param name="Train">Readable photos to train on.</param>
/// <param name="Validation">Readable photos to choose the best epoch by.</param>
/// <param name="Test">Readable photos to judge by.</param>
/// <param name="Unreadable">Photos that cannot be read, of all splits.</param>
public sealed record PhotoClassCounts(string Name, int Unassigned, int Train, int Validation, int Test, int Unreadable)
{
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
