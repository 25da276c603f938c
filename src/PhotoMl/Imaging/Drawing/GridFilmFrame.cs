namespace PhotoMl.Imaging;

/// <summary>The grid of samples that a training run drew after one epoch.</summary>
public sealed record GridFilmFrame
{
    /// <summary>Names a grid.</summary>
    /// <param name="epoch">The epoch after which it was drawn, from 1; 0 before the first.</param>
    /// <param name="path">The image file, as <see cref="ImageGrid.WritePng"/> wrote it.</param>
    public GridFilmFrame(int epoch, string path)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentException.ThrowIfNullOrEmpty(path);
        (Epoch, Path) = (epoch, path);
    }

    /// <summary>The epoch after which it was drawn.</summary>
    public int Epoch { get; }

    /// <summary>The image file.</summary>
    public string Path { get; }
}
