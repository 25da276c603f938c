namespace PhotoMl.Tests.Models;

public sealed class ModelHashTests
{
    [Fact]
    public void The_hash_is_of_name_shape_and_little_endian_values_in_the_order_of_names()
    {
        using var scope = NewDisposeScope();
        using var model = new Network("b", tensor(new[] { 1f, -2f }, [1, 2]), "a", tensor(new[] { 5L }));
        byte[] content =
        [
            .. "a (1)\n"u8, 5, 0, 0, 0, 0, 0, 0, 0,
            .. "b (1,2)\n"u8, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0,
        ];

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), ModelHash.Of(model));
    }

    [Fact]
    public void Names_shapes_types_and_every_bit_count_and_the_order_they_were_made_in_does_not()
    {
        using var scope = NewDisposeScope();
        var (weight, other) = (tensor(new[] { 1f, 2f, 3f, 4f }), tensor(new[] { 5f }));
        var expected = Of("a", weight, "b", other);

        Assert.Equal(expected, Of("a", weight.clone(), "b", other.clone()));
        Assert.Equal(expected, Of("b", other, "a", weight));
        Assert.NotEqual(expected, Of("a", weight, "c", other));
        Assert.NotEqual(expected, Of("a", weight.view(2, 2), "b", other));
        var turned = weight.view(2, 2).t();
        Assert.Equal(Of("a", turned.contiguous(), "b", other), Of("a", turned, "b", other));
        Assert.NotEqual(expected, Of("a", weight.to(ScalarType.Int32), "b", other));
        Assert.NotEqual(expected, Of("a", weight, "b", tensor(new[] { MathF.BitIncrement(5) })));
        TensorAssert.NoneIsLeftBehind(() => Of("a", weight, "b", other));
    }

    private static string Of(string firstName, Tensor first, string secondName, Tensor second)
    {
        using var model = new Network(firstName, first, secondName, second);
        return ModelHash.Of(model);
    }

    private sealed class Network : nn.Module
    {
        public Network(string firstName, Tensor first, string secondName, Tensor second)
            : base(nameof(Network))
        {
            register_buffer(firstName, first.alias());
            register_buffer(secondName, second.alias());
        }
    }
}
