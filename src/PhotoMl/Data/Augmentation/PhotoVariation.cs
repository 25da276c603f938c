using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>How one photo is varied.</summary>
/// <param name="Geometry">What of it is seen.</param>
/// <param name="Colors">In what light.</param>
/// <param name="Erasure">What is hidden.</param>
internal readonly record struct PhotoVariation(PhotoGeometry Geometry, PhotoColors Colors, PhotoErasure Erasure)
{
    /// <summary>Draws a variation; each part of it has random numbers of its own, so that turning one off leaves the others as they are.</summary>
    public static PhotoVariation Draw(PhotoAugmentationOptions options, long seed, PhotoBatch photos) => new(
        PhotoGeometry.Draw(options, seed, photos.Size.Height, photos.Size.Width),
        PhotoColors.Draw(options, new DeterministicRandom(seed, 3)),
        PhotoErasure.Draw(options, new DeterministicRandom(seed, 4), photos.NewSize.Height, photos.NewSize.Width));

    /// <summary>Makes the varied image of a photo.</summary>
    /// <param name="photos">The batch.</param>
    /// <param name="index">Which of its photos.</param>
    /// <param name="work">Working memory of this thread.</param>
    public void Apply(PhotoBatch photos, int index, float[] work)
    {
        var image = photos.Image(index);
        PhotoResampler.Sample(photos.Photo(index), photos.Size, image, photos.NewSize, photos.Channels, Geometry, work);
        Colors.Apply(image, photos.Channels);
        Erasure.Apply(image, photos.NewSize.Height, photos.NewSize.Width, photos.Channels);
    }
}
