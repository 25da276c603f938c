namespace PhotoMl.Models.Kernels;

/// <summary>The pixels of a batch of images, or every second of them, with the channels side by side in memory.</summary>
/// <param name="Origin">The first pixel of the first image.</param>
/// <param name="ImageStride">From one image to the next, in floats.</param>
/// <param name="RowStride">From one row to the next, in floats.</param>
/// <param name="PixelStride">From one pixel to the next, in floats.</param>
internal unsafe readonly record struct PixelGrid(nint Origin, long ImageStride, long RowStride, long PixelStride)
{
    /// <summary>The address of a channel of the first pixel of an image.</summary>
    public float* Image(int image, int channel) => (float*)Origin + (image * ImageStride) + channel;
}
