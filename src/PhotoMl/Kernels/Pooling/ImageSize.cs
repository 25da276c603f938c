namespace PhotoMl.Kernels;

/// <summary>The sizes of a batch of channels-last activations that are about to be pooled 2 x 2.</summary>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Channels">Channels, a multiple of <see cref="Lanes16.Count"/>.</param>
internal readonly record struct ImageSize(int Height, int Width, int Channels)
{
    /// <summary>The height after pooling.</summary>
    public int PooledHeight { get; } = Height / 2;

    /// <summary>The width after pooling.</summary>
    public int PooledWidth { get; } = Width / 2;

    /// <summary>Where the window of a pooled pixel starts in (N, H, W, C).</summary>
    /// <param name="row">The pooled row, counted through all images of the batch.</param>
    /// <param name="column">The pooled column.</param>
    /// <returns>The offset in activations.</returns>
    public long WindowOffset(int row, int column)
    {
        var image = row / PooledHeight;
        var inputRow = ((long)image * Height) + (2 * (row - (image * PooledHeight)));
        return ((inputRow * Width) + (2 * column)) * Channels;
    }
}
