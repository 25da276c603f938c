namespace PhotoMl.Tests;

/// <summary>Comparisons of tensors that say what differs.</summary>
internal static class TensorAssert
{
    /// <summary>Every element is the same number, or NaN in both.</summary>
    public static void Equal(Tensor expected, Tensor actual) => Close(expected, actual, 0, 0);

    /// <summary>Every element differs by at most a share of the expected one plus a share of the largest expected one.</summary>
    public static void Close(Tensor expected, Tensor actual, double relative, double ofLargest) => Compare(expected, actual, (a, b) =>
    {
        var largest = a.numel() == 0 ? 0 : a.nan_to_num(0, 0, 0).abs().max().item<double>();
        var limit = (a.abs() * relative) + (largest * ofLargest);
        if ((a - b).abs_().le(limit).all().item<bool>())
        {
            return;
        }

        var agrees = a.eq(b).logical_or((a - b).abs().le(limit)).logical_or(a.isnan().logical_and(b.isnan()));
        var disagreeing = agrees.logical_not().nonzero();
        if (disagreeing.shape[0] > 0)
        {
            var place = disagreeing[0].data<long>().ToArray();
            var at = place.Select(index => TensorIndex.Single(index)).ToArray();
            Assert.Fail(
                $"{disagreeing.shape[0]} of {a.numel()} elements differ, the first at ({string.Join(", ", place)}): "
                + $"expected {a[at].item<double>():R} but got {b[at].item<double>():R}.");
        }
    });

    /// <summary>The norm of the difference is at most a share of the norm expected.</summary>
    /// <remarks>For gradients: an activation so near to 0 that rounding changes its sign has another slope, and a few elements differ by
    /// much.</remarks>
    public static void CloseInNorm(Tensor expected, Tensor actual, double share, string name = "the tensor") =>
        Compare(expected, actual, (a, b) =>
        {
            var length = a.norm().item<double>();
            Assert.True(length > 0, $"Nothing was expected of {name} but zeros.");
            var found = (a - b).norm().item<double>() / length;
            Assert.True(found <= share, $"{name} differs by {found:G3} of its norm.");
        });

    /// <summary>An action that makes so many classifiers and other parameters, and disposes of them, leaves no tensor alive.</summary>
    /// <remarks>TorchSharp counts a tensor once more when it becomes a parameter, and never takes that off: 10 a classifier, without memory
    /// behind them.</remarks>
    public static void NoneIsLeftBehind(Action action, int classifiers = 0, int parameters = 0)
    {
        action();
        FinalizeOthers();
        var before = Tensor.TotalCount;
        action();
        Assert.Equal(before + (10 * classifiers) + parameters, Tensor.TotalCount);
    }

    /// <summary>Has what earlier tests left to the garbage collector finalized, so that it does not end while a test counts.</summary>
    public static void FinalizeOthers()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>Random numbers of the normal distribution, the same for the same seed whatever ran before.</summary>
    public static Tensor Normal(long seed, params long[] shape) =>
        tensor(new DeterministicRandom(seed).NextGaussians((int)shape.Aggregate(1L, (product, size) => product * size), 1), shape);

    private static void Compare(Tensor expected, Tensor actual, Action<Tensor, Tensor> compare)
    {
        Assert.Equal(expected.shape, actual.shape);
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        compare(expected.to(ScalarType.Float64), actual.to(ScalarType.Float64));
    }
}

/// <summary>All weights of a network as bytes, with the statistics of batch norm, to compare them bit for bit.</summary>
internal static class WeightBytes
{
    public static byte[] Of(nn.Module network)
    {
        using var scope = NewDisposeScope();
        Tensor[] weights = [.. network.parameters().Concat(network.buffers()).Select(weight => weight.detach())];
        using var all = new MemoryStream(weights.Sum(weight => weight.bytes.Length));
        foreach (var weight in weights)
        {
            all.Write(weight.bytes);
        }

        return all.GetBuffer();
    }
}

/// <summary>Another number of torch threads until the end of a block.</summary>
internal sealed class TorchThreads : IDisposable
{
    private readonly int _before = get_num_threads();

    public TorchThreads(int count) => set_num_threads(count);

    public void Dispose() => set_num_threads(_before);
}
