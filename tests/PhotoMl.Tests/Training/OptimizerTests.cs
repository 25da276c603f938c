using TorchSharp;
using TorchSharp.Modules;

namespace PhotoMl.Tests.Training;

/// <summary>Each rule is followed by hand over two steps for one number: a weight of 0.5 with gradients of 0.2 and then -0.4.</summary>
public sealed class OptimizerTests
{
    private const double Start = 0.5;
    private const double Rate = 0.1;
    private const double Decay = 0.3;

    private static readonly double[] Gradients = [0.2, -0.4];

    [Theory]
    [InlineData(0, false)]
    [InlineData(Decay, false)]
    [InlineData(Decay, true)]
    public void Adam_moves_a_weight_as_worked_out_by_hand(double decay, bool decoupled)
    {
        var (weight, mean, square) = (Start, 0.0, 0.0);
        for (var step = 1; step <= 2; step++)
        {
            var gradient = Gradients[step - 1] + (decoupled ? 0 : decay * weight);
            weight -= decoupled ? Rate * decay * weight : 0;
            mean = (0.9 * mean) + (0.1 * gradient);
            square = (0.999 * square) + (0.001 * gradient * gradient);
            var rate = Rate * Math.Sqrt(1 - Math.Pow(0.999, step)) / (1 - Math.Pow(0.9, step));
            weight -= rate * mean / (Math.Sqrt(square) + 1e-7);
        }

        Assert.Equal(weight, Follow(parameters => new AdamOptimizer(parameters, decay, decoupled)), 6);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.9, 0)]
    [InlineData(0.9, Decay)]
    public void Gradient_descent_moves_a_weight_as_worked_out_by_hand(double momentum, double decay)
    {
        var (weight, velocity) = (Start, 0.0);
        foreach (var gradient in Gradients)
        {
            velocity = (momentum * velocity) + gradient + (decay * weight);
            weight -= Rate * velocity;
        }

        Assert.Equal(weight, Follow(parameters => new SgdOptimizer(parameters, decay, momentum)), 6);
    }

    [Fact]
    public void The_first_step_of_Adam_is_as_long_as_the_rate_whatever_the_gradient()
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(zeros(2, 1));
        using var optimizer = new AdamOptimizer([("weight", parameter)], 0, decoupled: false);
        Backward(parameter, tensor(new float[] { 3, -500 }, [2, 1]));
        optimizer.Step(0.01);

        Assert.Equal(-0.01, parameter[0, 0].item<float>(), 5);
        Assert.Equal(0.01, parameter[1, 0].item<float>(), 5);
    }

    [Theory]
    [EnumData<OptimizerKind>]
    public void Fifty_steps_end_where_those_of_TorchSharp_end(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        using var ours = new Parameter(TensorAssert.Normal(1, 4, 5));
        using var theirs = new Parameter(ours.detach().clone());
        using var optimizer = Optimizer.Create(new() { Optimizer = kind, WeightDecay = 0.05, Momentum = 0.9 }, [("weight", ours)]);
        using optim.Optimizer reference = kind switch
        {
            OptimizerKind.Adam => optim.Adam([theirs], 0.01, eps: 1e-7, weight_decay: 0.05),
            OptimizerKind.AdamW => optim.AdamW([theirs], 0.01, eps: 1e-7, weight_decay: 0.05),
            _ => optim.SGD([theirs], 0.01, momentum: 0.9, weight_decay: 0.05),
        };
        for (var step = 0; step < 50; step++)
        {
            var gradient = TensorAssert.Normal(100 + step, 4, 5);
            Backward(ours, gradient);
            Backward(theirs, gradient);
            optimizer.Step(0.01);
            reference.step();
        }

        // They place Adam's epsilon of 1e-7 differently, which shows in the sixth digit at most.
        TensorAssert.Close(theirs, ours, 0, 1e-5);
    }

    [Theory]
    [EnumData<OptimizerKind>]
    public void Biases_are_not_decayed(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        using var bias = new Parameter(ones(3));
        using var weight = new Parameter(ones(3, 1));
        using var optimizer = Optimizer.Create(new() { Optimizer = kind, WeightDecay = 1 }, [("bias", bias), ("weight", weight)]);
        Backward(bias, zeros(3));
        Backward(weight, zeros(3, 1));
        optimizer.Step(0.1);

        Assert.Equal([1, 1, 1], bias.detach().data<float>().ToArray());
        Assert.True(weight.max().item<float>() < 1);
    }

    [Fact]
    public void Parameters_of_another_dtype_are_refused()
    {
        using var parameter = new Parameter(ones([2, 2], ScalarType.Float64));
        var exception = Assert.Throws<ArgumentException>(() => new AdamOptimizer([("weight", parameter)], 0, decoupled: true));

        Assert.Contains("of Float32 on the CPU but got weight of Float64", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays()
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(ones(2, 2));
        using var optimizer = new AdamOptimizer([("weight", parameter)], 1, decoupled: true);
        optimizer.Step(0.1);

        Assert.Equal(4, parameter.sum().item<float>());
    }

    [Fact]
    public void Disposing_lets_go_of_all_that_was_remembered()
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(ones(2, 2));

        TensorAssert.NoneIsLeftBehind(() =>
        {
            using var optimizer = new AdamOptimizer([("weight", parameter)], 0, decoupled: false);
            Assert.Equal(3, optimizer.State.Count); // two moments and the steps
        });
    }

    [Theory]
    [EnumData<OptimizerKind>]
    public void What_is_remembered_of_a_weight_without_gradients_becomes_zero_and_not_denormal(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(zeros(4, 5));
        using var optimizer = Optimizer.Create(new() { Optimizer = kind, WeightDecay = 0, Momentum = 0.9 }, [("weight", parameter)]);
        Backward(parameter, full([4, 5], 1e-14f));
        optimizer.Step(0.01);
        for (var step = 0; step < 900; step++)
        {
            Backward(parameter, zeros(4, 5));
            optimizer.Step(0.01);
        }

        var remembered = optimizer.State.Where(state => state.Key != "steps").SelectMany(state => state.Value.data<float>().ToArray());
        Assert.All(remembered, value => Assert.Equal(0, value));
    }

    [Theory]
    [EnumData<OptimizerKind>]
    public void A_gradient_that_is_not_a_number_shows_in_the_weights(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(ones(3, 7));
        using var optimizer = Optimizer.Create(new() { Optimizer = kind }, [("weight", parameter)]);
        Backward(parameter, full([3, 7], float.NaN));
        optimizer.Step(0.01);

        Assert.All(parameter.detach().data<float>().ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Averages_move_towards_the_weights_after_them_also_of_those_without_a_gradient()
    {
        using var scope = NewDisposeScope();
        const int Count = (1 << 14) + 3; // more than one part
        using var moved = new Parameter(zeros(Count));
        using var still = new Parameter(ones(5));
        var averages = new Dictionary<string, Tensor> { ["moved"] = ones(Count), ["still"] = zeros(5) };
        using var optimizer = Optimizer.Create(
            new() { Optimizer = OptimizerKind.Sgd, Momentum = 0 }, [("moved", moved), ("still", still)]);
        Backward(moved, arange(Count, ScalarType.Float32));
        optimizer.Step(1, averages, 0.25);

        TensorAssert.Close(-arange(Count, ScalarType.Float64), moved, 0, 1e-6);
        TensorAssert.Close((arange(Count, ScalarType.Float64) * -0.25) + 0.75, averages["moved"], 0, 1e-6);
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f, 0.25f], averages["still"].data<float>().ToArray());
    }

    private static double Follow(Func<(string, Parameter)[], Optimizer> create)
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(full([1, 1], Start, ScalarType.Float32));
        using var optimizer = create([("weight", parameter)]);
        foreach (var gradient in Gradients)
        {
            Backward(parameter, full([1, 1], gradient, ScalarType.Float32));
            optimizer.Step(Rate);
        }

        Assert.Equal(2, optimizer.Steps);
        return parameter.item<float>();
    }

    private static void Backward(Parameter parameter, Tensor gradient)
    {
        parameter.grad?.zero_();
        (parameter * gradient).sum().backward();
    }
}
