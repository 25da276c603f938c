namespace PhotoMl.Data;

/// <summary>The pixels of the photos of a list that could be read.</summary>
public sealed class CachedPhotos : IDisposable
{
    internal CachedPhotos(PixelStore pixels, IReadOnlyList<PhotoEntry> photos, IReadOnlyList<ImageFileEntry> unreadable, int decoded)
    {
        Pixels = pixels;
        Photos = photos;
        Unreadable = unreadable;
        Decoded = decoded;
    }

    /// <summary>The pixels, one image for each of <see cref="Photos"/>, in a mapped file; disposed with this object.</summary>
    public PixelStore Pixels { get; }

    /// <summary>The photos that could be read, in the order of the list.</summary>
    public IReadOnlyList<PhotoEntry> Photos { get; }

    /// <summary>The photos that could not be read, each with the reason.</summary>
    public IReadOnlyList<ImageFileEntry> Unreadable { get; }

    /// <summary>How many photo files were opened for this; 0 where the cache had all of them.</summary>
    public int Decoded { get; }

    /// <inheritdoc/>
    public void Dispose() => Pixels.Dispose();
}
