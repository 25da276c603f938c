namespace PhotoMl.Kernels;

/// <summary>The sizes of images and of their grid of 5 x 5 patches, one around every second pixel of every second row.</summary>
/// <param name="Height">The height of an image in pixels.</param>
/// <param name="Width">The width of an image in pixels.</param>
/// <param name="Channels">The channels of an image.</param>
internal readonly record struct PatchGrid(int Height, int Width, int Channels)
{
    /// <summary>The rows of patches: ceil(H / 2).</summary>
    public int Rows => (Height + 1) / 2;

    /// <summary>The patches in a row: ceil(W / 2).</summary>
    public int Columns => (Width + 1) / 2;

    /// <summary>How many numbers lie between two patches in memory.</summary>
    public int PatchLength => Channels * StridedPatchKernel.ChannelLength;
}
