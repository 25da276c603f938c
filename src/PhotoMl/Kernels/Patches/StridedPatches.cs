using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Kernels;

/// <summary>
/// 5 x 5 convolution with stride 2 and padding 2 as a matrix product: the patches of images of few channels as rows, and the weights
/// laid out to match. A transposed convolution is the same product taken backwards.
/// </summary>
internal static unsafe class StridedPatches
{
    // The rows take eight times the memory of the images.
    private const long MostPixels = 1 << 24;

    /// <summary>Whether the product takes a layer.</summary>
    /// <param name="activations">Its input.</param>
    /// <param name="images">The shape of its images, (N, C, H, W).</param>
    /// <param name="weight">Its weights.</param>
    /// <param name="bias">Its bias, or null.</param>
    public static bool Suits(Tensor activations, long[] images, Tensor weight, Tensor? bias) =>
        IsPlain(activations)
        && IsPlain(weight)
        && (bias is null || IsPlain(bias))
        && images[2] <= StridedPatchKernel.MostPixels
        && images[3] <= StridedPatchKernel.MostPixels
        && images[0] * images[1] * images[2] * images[3] is > 0 and <= MostPixels;

    private static bool IsPlain(Tensor tensor) => tensor.device_type == TorchSharp.DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    /// <summary>The sizes of images (N, C, H, W).</summary>
    public static PatchGrid Grid(Tensor images) => new((int)images.shape[2], (int)images.shape[3], (int)images.shape[1]);

    /// <summary>Lays out the patches of images.</summary>
    /// <param name="images">Images, (N, C, H, W), contiguous.</param>
    /// <returns>Patches, (N * ceil(H/2) * ceil(W/2), C * 32), with a one at number 25 of each row.</returns>
    public static Tensor Gather(Tensor images)
    {
        var grid = Grid(images);
        var rows = empty([images.shape[0] * grid.Rows * grid.Columns, grid.PatchLength]);
        var from = KernelMemory.Pointer<float>(images);
        var to = KernelMemory.Pointer<float>(rows);
        ParallelRanges.For((int)images.shape[0], ParallelRanges.Parts, (_, start, end) => StridedPatchKernel.Gather(from, to, grid, start, end));
        return rows;
    }

    /// <summary>Adds patches up to images.</summary>
    /// <param name="rows">Patches, (N * ceil(H/2) * ceil(W/2), C * 32).</param>
    /// <param name="bias">What each channel starts from, (C), or null for zero.</param>
    /// <param name="grid">The sizes of the images.</param>
    /// <returns>Images, (N, C, H, W), contiguous.</returns>
    public static Tensor AddUp(Tensor rows, Tensor? bias, PatchGrid grid)
    {
        var images = empty([rows.shape[0] / (grid.Rows * grid.Columns), grid.Channels, grid.Height, grid.Width]);
        using var starts = bias?.contiguous();
        var from = KernelMemory.Pointer<float>(rows);
        var first = starts is null ? null : KernelMemory.Pointer<float>(starts);
        var to = KernelMemory.Pointer<float>(images);
        ParallelRanges.For((int)images.shape[0], ParallelRanges.Parts, (_, start, end) => StridedPatchKernel.AddUp(from, first, to, grid, start, end));
        return images;
    }

    /// <summary>Lays out weights to match the rows.</summary>
    /// <param name="weight">Weights, (K, C, 5, 5).</param>
    /// <param name="bias">Bias, (K), which is added where the row holds its one, or null.</param>
    /// <returns>Weights, (K, C * 32).</returns>
    public static Tensor PackWeights(Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var packed = zeros([weight.shape[0], weight.shape[1], StridedPatchKernel.ChannelLength]);
        packed.narrow(2, 0, StridedPatchKernel.Taps).copy_(weight.detach().reshape(weight.shape[0], weight.shape[1], -1));
        if (bias is not null)
        {
            packed.select(1, 0).select(1, StridedPatchKernel.Taps).copy_(bias.detach());
        }

        return packed.reshape(weight.shape[0], -1).MoveToOuterDisposeScope();
    }

    /// <summary>Multiplies two matrices over their long side, which gives the gradient by packed weights.</summary>
    /// <remarks>As a few products that are added up: a single one with so small a result hardly gets faster by a second thread.</remarks>
    /// <param name="left">A matrix, (M, K).</param>
    /// <param name="right">A matrix, (M, L).</param>
    /// <returns>The product, (K, L).</returns>
    public static Tensor ProductOverRows(Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        var groups = 8;
        while (left.shape[0] % groups != 0)
        {
            groups /= 2;
        }

        var lefts = left.reshape(groups, -1, left.shape[1]).transpose(1, 2); // (8, K, M/8)
        return lefts.bmm(right.reshape(groups, -1, right.shape[1])).sum([0L]).MoveToOuterDisposeScope();
    }

    /// <summary>Takes the weights, (K, C, 5, 5), out of what <see cref="PackWeights"/> lays out.</summary>
    public static Tensor UnpackWeights(Tensor packed)
    {
        using var scope = NewDisposeScope();
        return packed.reshape(packed.shape[0], -1, StridedPatchKernel.ChannelLength).narrow(2, 0, StridedPatchKernel.Taps)
            .reshape(packed.shape[0], -1, StridedPatchKernel.Kernel, StridedPatchKernel.Kernel).MoveToOuterDisposeScope();
    }

    /// <summary>Takes the bias, (K), out of what <see cref="PackWeights"/> lays out.</summary>
    public static Tensor UnpackBias(Tensor packed)
    {
        using var bias = packed.select(1, StridedPatchKernel.Taps);
        return bias.contiguous();
    }
}
