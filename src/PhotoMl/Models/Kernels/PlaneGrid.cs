namespace PhotoMl.Models.Kernels;

/// <summary>The planes of a batch of images.</summary>
/// <param name="Origin">The first plane of the first image.</param>
/// <param name="PlaneStride">From one plane to the next, in floats.</param>
/// <param name="ImageStride">From one image to the next, in floats.</param>
internal unsafe readonly record struct PlaneGrid(nint Origin, long PlaneStride, long ImageStride)
{
    /// <summary>The address of a channel of the first plane of an image.</summary>
    public float* Image(int image, int channel) => (float*)Origin + (image * ImageStride) + channel;
}
