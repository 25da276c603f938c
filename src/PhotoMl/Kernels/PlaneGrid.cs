namespace PhotoMl.Kernels;

/// <summary>The planes of a batch of images.</summary>
internal unsafe readonly record struct PlaneGrid(nint Origin, long PlaneStride, long ImageStride)
{
    // Planes a power of two apart would share a few sets of the caches: a third slower.
    private const long Gap = 16;

    /// <summary>Makes planes of any content, (planes, N, C), with gaps between them.</summary>
    public static Tensor Empty(long planes, long images, long channels, ScalarType dtype)
    {
        var stride = (images * channels) + (dtype == ScalarType.BFloat16 ? 0 : Gap);
        using var memory = empty([planes * stride], dtype);
        return memory.as_strided([planes, images, channels], [stride, channels, 1]);
    }

    /// <summary>The planes of a tensor, (planes, N, C).</summary>
    public static PlaneGrid Of(Tensor planes)
    {
        using var first = planes.as_strided([1L], [1L]); // only of contiguous tensors is the address to be had
        return new PlaneGrid((nint)KernelMemory.Pointer<byte>(first), planes.stride(0), planes.stride(1));
    }

    /// <summary>The first plane's channels of an image from one on, float32 (<c>float</c>) or bfloat16 (<c>ushort</c>).</summary>
    public T* Image<T>(int image, int channel)
        where T : unmanaged => (T*)Origin + (image * ImageStride) + channel;
}
