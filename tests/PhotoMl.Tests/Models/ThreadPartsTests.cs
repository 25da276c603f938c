using PhotoMl.Kernels;

namespace PhotoMl.Tests.Models;

public sealed class ThreadPartsTests
{
    [Fact]
    public void A_part_has_the_gradient_mode_the_precision_and_the_prepared_weights_of_the_thread_that_asks()
    {
        using var threads = new TorchThreads(3);
        using var weight = ones(2);
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var precision = new PrecisionScope(Precision.BFloat16);
        using (new PreparedWeights())
        {
            var prepared = 0;
            var parts = ThreadParts.Run(ThreadParts.Most, _ =>
            {
                using var inner = NewDisposeScope();
                var value = PreparedWeights.Get(weight, "kind", () =>
                {
                    Interlocked.Increment(ref prepared);
                    return weight + 1;
                });
                return (is_grad_enabled(), PrecisionScope.Of(Precision.Float32), ThreadParts.Most, value[0].item<float>());
            });
            Assert.Equal(Enumerable.Repeat((false, Precision.BFloat16, 1, 2f), 3), parts);
            Assert.Equal(1, prepared);
            Assert.Equal(2, PreparedWeights.Get(weight, "kind", () => throw new InvalidOperationException())[1].item<float>());
        }

        withoutGradients.Dispose();
        precision.Dispose();
        var outside = ThreadParts.Run(
            ThreadParts.Most, _ => (is_grad_enabled(), PrecisionScope.Of(Precision.Float32), PreparedWeights.OfThread));
        Assert.Equal(Enumerable.Repeat((true, Precision.Float32, (PreparedWeights?)null), 3), outside);
    }

    [Theory]
    [InlineData(0, 28, 1)]
    [InlineData(15, 28, 1)]
    [InlineData(16, 28, 2)]
    [InlineData(23, 28, 2)]
    [InlineData(24, 28, 3)]
    [InlineData(1000, 28, 3)]
    [InlineData(3, 56, 1)]
    [InlineData(4, 56, 2)]
    [InlineData(1, 128, 1)]
    [InlineData(3, 128, 3)]
    public void A_batch_has_a_part_for_each_thread_of_at_least_the_pixels_of_eight_digits(int images, int side, int expected)
    {
        using var threads = new TorchThreads(3);
        Assert.Equal(expected, ThreadParts.CountFor(images, side * side));
        var ranges = Enumerable.Range(0, expected).Select(part => ThreadParts.Range(images, part, expected)).ToList();
        Assert.Equal(
            Enumerable.Range(0, images),
            ranges.SelectMany(range => Enumerable.Range((int)range.Start, (int)(range.End - range.Start))));
    }

    [Fact]
    public void What_a_part_throws_is_thrown_by_the_call()
    {
        using var threads = new TorchThreads(2);
        Assert.Throws<InvalidDataException>(
            () => ThreadParts.Run(2, part => part == 1 ? throw new InvalidDataException() : part));
        Assert.Equal([0, 1], ThreadParts.Run(2, part => part));
    }

    [Fact]
    public void A_part_alone_has_one_thread()
    {
        using var threads = new TorchThreads(3);
        Assert.Equal([1], ThreadParts.Run(1, _ => ParallelRanges.Parts));
        Assert.Throws<ArgumentOutOfRangeException>(() => ThreadParts.Run(4, part => part));
    }
}
