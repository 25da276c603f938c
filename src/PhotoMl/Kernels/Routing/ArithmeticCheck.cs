using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace PhotoMl.Kernels;

/// <summary>Compares operators with float64 on the processor at hand, since libtorch computes some of them wrongly on some
/// processors.</summary>
/// <remarks>
/// An operator is checked before its first use in a process, at one small size: a convolution of oneDNN with all its channels, a product
/// and one of Winograd's with 256 at most, another own kernel with 64. One that is wrong is not used, and another route computes the
/// same. All sizes and channels are compared by <c>tests/acceptance/arithmetic.sh</c>.
/// </remarks>
internal static class ArithmeticCheck
{
    private const int MaxFullyComparedChannels = 64;
    private const int MaxDrawn = 65_537; // a prime

    // Odd, so that the channels compared are at all places of the blocks that operators work in.
    private const int ChannelStep = 7;

    private static readonly ConcurrentDictionary<(LayerOperator Operator, bool WithGradients), Lazy<OperatorCheck>> Checks = new();
    private static readonly TorchSharp.Scalar Half = 0.5;
    private static int _isReported;

    /// <summary>Raised once, with one line for the user, when an operator that is about to be used turns out to be wrong.</summary>
    public static event Action<string>? WrongOperatorFound;

    /// <summary>Whether an operator is right, and so may be used.</summary>
    /// <param name="candidate">The operator.</param>
    /// <param name="withGradients">Whether its gradients are needed too.</param>
    internal static bool IsRight(LayerOperator candidate, bool withGradients)
    {
        var check = Measure(candidate, withGradients);
        if (!check.IsRight && Interlocked.Exchange(ref _isReported, 1) == 0)
        {
            WrongOperatorFound?.Invoke(Describe(check));
        }

        return check.IsRight;
    }

    /// <summary>Checks an operator, once a process.</summary>
    internal static OperatorCheck Measure(LayerOperator candidate, bool withGradients) =>
        Checks.GetOrAdd((candidate, withGradients), static key => new Lazy<OperatorCheck>(() => Compare(key.Operator, key.WithGradients)))
            .Value;

    /// <summary>Takes an operator as right without checking it, for the benchmark of what checking costs.</summary>
    internal static void Skip(LayerOperator candidate, bool withGradients) =>
        Checks[(candidate, withGradients)] = new Lazy<OperatorCheck>(candidate.CheckOf(0, 0, 0));

    /// <summary>Says in one line that an operator is wrong.</summary>
    internal static string Describe(OperatorCheck check) =>
        $"{check.Operator} ({check.Route}, {(check.Precision == Precision.BFloat16 ? "bfloat16" : "float32")}) gives wrong results on "
        + $"this {ProcessorFeatures.Name}: checked, slower operators are used instead";

    private static OperatorCheck Compare(LayerOperator candidate, bool withGradients)
    {
        // The caller's thread may be in a mode without gradients.
        using var scope = NewDisposeScope();
        using var mode = inference_mode(false);
        using var gradientMode = enable_grad(withGradients);
        using var random = new TorchSharp.torch.Generator(1, CPU);
        var input = Draw(candidate.InputShape, random).to(candidate.Dtype);
        var weight = Draw(candidate.Layer.WeightShape, random);

        // float64 takes its time, so of many channels it computes some.
        var outputs = weight.shape[candidate.OutputDimension];
        var channels = arange(0, outputs, outputs > MaxFullyComparedChannels ? ChannelStep : 1, ScalarType.Int64);
        var weightOfChannels = weight.index_select(candidate.OutputDimension, channels);
        Tensor[]? found = null;
        try
        {
            found = Run(candidate, candidate.Route, input, weight, withGradients, channels);
        }
        catch (ExternalException)
        {
            // libtorch refuses to compute it.
        }

        var expected = Run(
            candidate, LayerRoutes.Torch, input.to(ScalarType.Float64), weightOfChannels.to(ScalarType.Float64), withGradients,
            arange(channels.shape[0]));
        double[] errors = [.. expected.Select((tensor, i) => Error(tensor, found?[i]))];
        return withGradients ? candidate.CheckOf(errors[0], errors[1], errors[2]) : candidate.CheckOf(errors[0], null, null);
    }

    // Numbers from -0.5 to 0.5. Drawing millions takes longer than the operator, so they repeat, by a length that fits no layout.
    private static Tensor Draw(long[] shape, TorchSharp.torch.Generator random)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var drawn = rand([Math.Min(count, MaxDrawn)], generator: random).sub_(Half);
        return drawn.repeat([(count + MaxDrawn - 1) / MaxDrawn]).narrow(0, 0, count).view(shape);
    }

    // Some channels of the output, their weights' gradient and the gradient that the input has of these channels.
    private static Tensor[] Run(
        LayerOperator candidate, LayerRoute route, Tensor input, Tensor weight, bool withGradients, Tensor channels)
    {
        if (!withGradients)
        {
            return [candidate.Compute(route, input, weight).index_select(1, channels)];
        }

        input = input.detach().requires_grad_(true);
        weight = weight.detach().requires_grad_(true);
        var output = candidate.Compute(route, input, weight);
        var compared = output.detach().index_select(1, channels);
        using var random = new TorchSharp.torch.Generator(2, CPU);
        var gradient = rand(compared.shape, generator: random).sub_(Half).to(candidate.Dtype).to(output.dtype);
        var gradients = autograd.grad([output], [weight, input], [zeros_like(output).index_copy_(1, channels, gradient)]);
        return [compared, gradients[0].index_select(candidate.OutputDimension, channels), gradients[1]];
    }

    private static double Error(Tensor expected, Tensor? found)
    {
        if (found is null)
        {
            return 1;
        }

        using var scope = NewDisposeScope();
        var error = (found.to(ScalarType.Float64) - expected).abs().max().item<double>() / expected.abs().max().item<double>();
        return error < 1 ? error : 1; // NaN too
    }
}
