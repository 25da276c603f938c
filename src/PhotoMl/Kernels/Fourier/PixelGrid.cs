using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>The pixels of a batch of images, or one phase of them, with the channels side by side in memory.</summary>
internal unsafe readonly record struct PixelGrid(nint Origin, long ImageStride, long RowStride, long PixelStride)
{
    /// <summary>The pixels (y + i stride, x + j stride) of images, (N, H, W, C).</summary>
    public static PixelGrid Of(Tensor images, int y, int x, int stride)
    {
        var (height, width, channels) = (images.shape[1], images.shape[2], images.shape[3]);
        var first = KernelMemory.Pointer<float>(images) + (((y * width) + x) * channels);
        return new PixelGrid((nint)first, height * width * channels, stride * width * channels, stride * channels);
    }

    /// <summary>The pixels (y + i stride, x + j stride) of images whose number comes after their size, (H, W, N, C).</summary>
    public static PixelGrid OfImagesInside(Tensor images, int y, int x, int stride)
    {
        var (width, pixel, channels) = (images.shape[1], images.shape[2] * images.shape[3], images.shape[3]);
        var first = KernelMemory.Pointer<float>(images) + (((y * width) + x) * pixel);
        return new PixelGrid((nint)first, channels, stride * width * pixel, stride * pixel);
    }

    public float* Image(int image, int channel) => (float*)Origin + (image * ImageStride) + channel;
}
