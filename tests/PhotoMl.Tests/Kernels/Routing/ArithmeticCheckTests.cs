namespace PhotoMl.Tests.Kernels;

public class ArithmeticCheckTests
{
    public enum Fault
    {
        None,
        Output,
        InputGradient,
        WeightGradient,
        NotANumber,
    }

    [Theory]
    [InlineData(Fault.Output)]
    [InlineData(Fault.InputGradient)]
    [InlineData(Fault.WeightGradient)]
    public void A_planted_fault_is_found_where_it_is(Fault fault)
    {
        var check = ArithmeticCheck.Measure(Planted(fault), withGradients: true);

        Assert.False(check.IsRight);
        Assert.Equal(fault == Fault.Output, check.ForwardError > check.Tolerance);
        Assert.Equal(fault == Fault.InputGradient, check.InputGradientError > check.Tolerance);
        Assert.Equal(fault == Fault.WeightGradient, check.WeightGradientError > check.Tolerance);
        Assert.Equal(
            $"linear 96->200 (planted, float32) gives wrong results on this {ProcessorFeatures.Name}: "
            + "checked, slower operators are used instead",
            ArithmeticCheck.Describe(check));
    }

    [Fact]
    public void What_is_not_finite_is_wrong()
    {
        var check = ArithmeticCheck.Measure(Planted(Fault.NotANumber), withGradients: false);

        Assert.False(check.IsRight);
        Assert.Equal(1, check.ForwardError);
    }

    [Fact]
    public void An_operator_that_is_right_is_checked_once_in_whatever_mode_the_thread_is()
    {
        var calls = new int[1];
        var planted = Planted(Fault.None, calls);
        using (no_grad())
        {
            Assert.True(ArithmeticCheck.IsRight(planted, withGradients: true));
        }

        using (inference_mode())
        {
            Assert.True(ArithmeticCheck.IsRight(planted with { }, withGradients: true));
        }

        Assert.Equal(1, calls[0]);
        var check = ArithmeticCheck.Measure(planted, withGradients: true);
        Assert.InRange(check.ForwardError, double.Epsilon, 1e-5);
        Assert.NotNull(check.InputGradientError);
        Assert.Null(ArithmeticCheck.Measure(planted, withGradients: false).WeightGradientError);
    }

    [Fact]
    public void Checking_leaves_no_tensor_behind()
    {
        TensorAssert.NoneIsLeftBehind(() => ArithmeticCheck.Measure(Planted(Fault.None), withGradients: true));
    }

    [Fact]
    public void A_wrong_route_is_replaced_by_the_next_that_is_right_and_said_once()
    {
        var lines = new List<string>();
        ArithmeticCheck.WrongOperatorFound += lines.Add;
        try
        {
            using var scope = NewDisposeScope();
            var layer = new LayerSpec(LayerKind.Conv, 8, 24, Kernel: 3, Padding: 1);
            var input = new LayerInput(layer, TensorAssert.Normal(1, 2, 8, 6, 6), TensorAssert.Normal(2, layer.WeightShape), null, (6, 6));
            LayerRoute[] faulty =
            [
                new("half") { Supports = (_, _) => true, Run = wrong => LayerRoutes.Torch.Run(wrong).mul(0.5) },
                new("noise") { Supports = (_, _) => true, Run = wrong => LayerRoutes.Torch.Run(wrong).add(0.01) },
            ];

            Assert.Same(LayerRoutes.Patches, LayerRoute.Find(input, [.. faulty, LayerRoutes.Patches]));
            var failure = Assert.Throws<UnsupportedProcessorException>(() => LayerRoute.Find(input, faulty));
            Assert.StartsWith($"{ProcessorFeatures.Name}: expected ", failure.Message, StringComparison.Ordinal);
            Assert.Contains("conv 3x3 8->24", failure.Message, StringComparison.Ordinal);
            Assert.InRange(lines.Count, 0, 1); // none where an earlier test found one
        }
        finally
        {
            ArithmeticCheck.WrongOperatorFound -= lines.Add;
        }
    }

    // A product with a fault in one channel of 200, by a route of its own.
    private static LayerOperator Planted(Fault fault, int[]? calls = null)
    {
        const int Channel = 98; // of those that are compared with float64
        var route = new LayerRoute("planted") { Supports = (_, _) => true, Run = Compute };
        return LayerOperator.Of(new LayerSpec(LayerKind.Linear, 96, 200), route, ScalarType.Float32, hasBias: false);

        Tensor Compute(LayerInput input)
        {
            if (calls is not null)
            {
                calls[0]++;
            }

            var mask = zeros(200);
            mask[Channel] = fault == Fault.NotANumber ? double.NaN : 0.5;
            var (x, weight) = (input.X, input.Weight);
            var output = x.matmul(weight.t());
            return fault switch
            {
                Fault.None => output,

                // Of the same value, but the gradient of one part counts twice.
                Fault.InputGradient => output + x.matmul(weight.detach().t()) - x.detach().matmul(weight.detach().t()),
                Fault.WeightGradient => output + x.detach().matmul(weight.t()) - x.detach().matmul(weight.detach().t()),
                _ => output + mask,
            };
        }
    }
}
