namespace PhotoMl.Kernels;

/// <summary>The sizes of a convolution of stride 2 whose padding is half its kernel, rounded down.</summary>
/// <param name="Height">The height of an image.</param>
/// <param name="Width">The width of an image.</param>
/// <param name="Channels">The channels of an image.</param>
/// <param name="Kernel">The height and width of the kernel, odd.</param>
internal readonly record struct PatchConvGrid(int Height, int Width, int Channels, int Kernel)
{
    /// <summary>The stride.</summary>
    public const int Stride = 2;

    /// <summary>The height of a result.</summary>
    public int Rows => (Height + Stride - 1) / Stride;

    /// <summary>The width of a result.</summary>
    public int Columns => (Width + Stride - 1) / Stride;

    /// <summary>The pixels of a result.</summary>
    public int Patches => Rows * Columns;

    /// <summary>The numbers of a patch, (kernel, kernel, C).</summary>
    public int PatchLength => Kernel * Kernel * Channels;
}
