namespace PhotoMl.Tests.Kernels;

public sealed class PreparedWeightsTests
{
    [Fact]
    public void Weights_are_prepared_once_in_a_scope_for_each_kind_and_again_in_the_next()
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        using var weight = ones(3);
        var prepared = 0;
        using (new PreparedWeights())
        {
            Assert.Equal([Prepare("a"), Prepare("a"), Prepare("b"), Prepare("a")], [1.0, 1, 2, 1]);
        }

        using (new PreparedWeights())
        {
            Assert.Equal(3, Prepare("a"));
        }

        Assert.Equal([Prepare("a"), Prepare("a")], [4.0, 5]);

        double Prepare(string kind)
        {
            using var result = PreparedWeights.Get(weight, kind, () => weight * ++prepared);
            return result[0].item<float>();
        }
    }

    [Fact]
    public void Another_tensor_is_another_weight_wherever_it_lies_in_memory()
    {
        using var withoutGradients = no_grad();
        using var prepared = new PreparedWeights();
        for (var value = 1; value <= 200; value++)
        {
            using var scope = NewDisposeScope();
            using var weight = full([64, 64], (float)value);
            using var result = PreparedWeights.Get(weight, "twice", () => weight * 2);

            Assert.Equal(2 * value, result[0, 0].item<float>());
        }
    }

    [Fact]
    public void Nothing_is_kept_where_gradients_are_computed_or_after_the_scope()
    {
        using var weight = ones(3);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            using (new PreparedWeights())
            {
                using var scope = NewDisposeScope();
                var first = PreparedWeights.Get(weight, "a", () => weight + 1);
                var second = PreparedWeights.Get(weight, "a", () => weight + 2);
                Assert.Equal([2, 3], [first[0].item<float>(), second[0].item<float>()]);
                using var withoutGradients = no_grad();
                PreparedWeights.Get(weight, "a", () => weight + 3);
            }
        });
    }
}
