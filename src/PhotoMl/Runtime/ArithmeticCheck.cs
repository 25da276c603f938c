using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace PhotoMl.Runtime;

/// <summary>Compares operators with float64 on the processor at hand, since libtorch computes some of them wrongly on some
/// processors.</summary>
/// <remarks>
/// An operator is checked before its first use in a process, at one small size: a convolution of oneDNN with all its channels, a product
/// with 256 at most, an own kernel with 64. One that is wrong is not used, and another route computes the same. All sizes and channels are
/// compared by <c>tests/acceptance/arithmetic.sh</c>.
/// </remarks>
internal static class ArithmeticCheck
{
    private const int MaxFullyComparedChannels = 64;
    private const int MaxDrawn = 65_537; // a prime

    // Odd, so that the channels compared are at all places of the blocks that operators work in.
    private const int ChannelStep = 7;

    private static readonly ConcurrentDictionary<(CheckedOperator Operator, bool WithGradients), Lazy<OperatorCheck>> Checks = new();
    private static int _isReported;

    /// <summary>Raised once, with one line for the user, when an operator that is about to be used turns out to be wrong.</summary>
    public static event Action<string>? WrongOperatorFound;

    /// <summary>Whether an operator is right, and so may be used.</summary>
    /// <param name="candidate">The operator.</param>
    /// <param name="withGradients">Whether its gradients are needed too.</param>
    internal static bool IsRight(CheckedOperator candidate, bool withGradients)
    {
        var check = Measure(candidate, withGradients);
        if (!check.IsRight && Interlocked.Exchange(ref _isReported, 1) == 0)
        {
            WrongOperatorFound?.Invoke(Describe(check, ProcessorFeatures.Name));
        }

        return check.IsRight;
    }

    /// <summary>Checks an operator, once a process.</summary>
    internal static OperatorCheck Measure(CheckedOperator candidate, bool withGradients) =>
        Checks.GetOrAdd((candidate, withGradients), static key => new Lazy<OperatorCheck>(() => Compare(key.Operator, key.WithGradients)))
            .Value;

    /// <summary>Takes an operator as right without checking it, for the benchmark of what checking costs.</summary>
    internal static void Skip(CheckedOperator candidate, bool withGradients) =>
        Checks[(candidate, withGradients)] = new Lazy<OperatorCheck>(new OperatorCheck
        {
            Operator = candidate.Name,
            Route = candidate.Route,
            Precision = Precision.Float32,
            ForwardError = 0,
            WeightGradientError = 0,
            InputGradientError = 0,
        });

    /// <summary>Says in one line that an operator is wrong.</summary>
    internal static string Describe(OperatorCheck check, string processor) =>
        $"{check.Operator} ({check.Route}, {(check.Precision == Precision.BFloat16 ? "bfloat16" : "float32")}) gives wrong results on "
            + $"this {processor}: "
        + "checked, slower operators are used instead";

    private static OperatorCheck Compare(CheckedOperator candidate, bool withGradients)
    {
        // The caller's thread may be in a mode without gradients.
        using var scope = NewDisposeScope();
        using var mode = inference_mode(false);
        using var gradientMode = enable_grad(withGradients);
        using var random = new TorchSharp.torch.Generator(1, CPU);
        var input = Draw(candidate.InputShape, random).to(candidate.Dtype);
        var weight = Draw(candidate.WeightShape, random);

        // float64 takes its time, so of many channels it computes some.
        var outputs = weight.shape[candidate.OutputDimension];
        var channels = arange(0, outputs, outputs > MaxFullyComparedChannels ? ChannelStep : 1, ScalarType.Int64);
        var weightOfChannels = weight.index_select(candidate.OutputDimension, channels);
        var found = RunOrNull(candidate, input, weight, withGradients, channels);
        var expected = Run(
            candidate, candidate.Reference, input.to(ScalarType.Float64), weightOfChannels.to(ScalarType.Float64), withGradients,
            arange(channels.shape[0]));
        return new OperatorCheck
        {
            Operator = candidate.Name,
            Route = candidate.Route,
            Precision = candidate.Dtype == ScalarType.BFloat16 ? Precision.BFloat16 : Precision.Float32,
            ForwardError = Error(expected[0], found?[0]),
            WeightGradientError = withGradients ? Error(expected[1], found?[1]) : null,
            InputGradientError = withGradients ? Error(expected[2], found?[2]) : null,
        };
    }

    // Numbers from -0.5 to 0.5. Drawing millions takes longer than the operator, so they repeat, by a length that fits no layout.
    private static Tensor Draw(long[] shape, TorchSharp.torch.Generator random)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var drawn = rand([Math.Min(count, MaxDrawn)], generator: random).sub_(0.5);
        return drawn.repeat([(count + MaxDrawn - 1) / MaxDrawn]).narrow(0, 0, count).view(shape);
    }

    // Some channels of the output, their weights' gradient and the gradient that the input has of these channels.
    private static Tensor[] Run(
        CheckedOperator candidate, Func<Tensor, Tensor, Tensor> compute, Tensor input, Tensor weight, bool withGradients, Tensor channels)
    {
        if (!withGradients)
        {
            return [compute(input, weight).index_select(1, channels)];
        }

        input = input.detach().requires_grad_(true);
        weight = weight.detach().requires_grad_(true);
        var output = compute(input, weight);
        var compared = output.detach().index_select(1, channels);
        using var random = new TorchSharp.torch.Generator(2, CPU);
        var gradient = rand(compared.shape, generator: random).sub_(0.5).to(candidate.Dtype).to(output.dtype);
        var gradients = autograd.grad([output], [weight, input], [zeros_like(output).index_copy_(1, channels, gradient)]);
        return [compared, gradients[0].index_select(candidate.OutputDimension, channels), gradients[1]];
    }

    // Null where libtorch refuses to compute it.
    private static Tensor[]? RunOrNull(CheckedOperator candidate, Tensor input, Tensor weight, bool withGradients, Tensor channels)
    {
        try
        {
            return Run(candidate, candidate.Compute, input, weight, withGradients, channels);
        }
        catch (ExternalException)
        {
            return null;
        }
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
