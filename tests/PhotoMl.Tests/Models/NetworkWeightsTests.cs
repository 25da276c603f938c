using TorchSharp;

namespace PhotoMl.Tests.Models;

public sealed class NetworkWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly nn.Module _network = nn.BatchNorm1d(3);

    private string FilePath => _folder.File("weights.safetensors");

    [Fact]
    public void Parameters_come_before_buffers_each_with_the_prefix()
    {
        Assert.Equal(
            ["net.weight", "net.bias", "net.running_mean", "net.running_var", "net.num_batches_tracked"],
            NetworkWeights.Named(_network, "net.").Select(entry => entry.Key));
    }

    [Fact]
    public void Weights_and_buffers_come_back_from_under_their_prefix_whatever_else_is_in_the_file()
    {
        using var scope = NewDisposeScope();
        using var other = nn.BatchNorm1d(3);
        Fill(other);
        SafetensorsFile.Write(FilePath, NetworkWeights.Named(_network, "one.").Concat(NetworkWeights.Named(other, "two.")));
        using var reader = SafetensorsReader.Open(FilePath);
        NetworkWeights.Check(reader, "two.", device => nn.BatchNorm1d(3, device: device), "norm");
        NetworkWeights.CopyTo(reader, "two.", _network);

        Assert.Equal(WeightBytes.Of(other), WeightBytes.Of(_network));
        Assert.All(_network.parameters(), parameter => Assert.True(parameter.requires_grad));
        var exception = Assert.Throws<InvalidModelException>(() => NetworkWeights.Check(
            reader, "one.", device => nn.BatchNorm1d(3, affine: false, device: device), "norm"));
        Assert.Equal("also one.weight", exception.Found);
    }

    [Fact]
    public void A_copy_has_all_weights_and_buffers_and_shares_none()
    {
        using var scope = NewDisposeScope();
        using var other = nn.BatchNorm1d(3);
        Fill(other);
        NetworkWeights.Copy(other, _network);

        Assert.Equal(WeightBytes.Of(other), WeightBytes.Of(_network));
        other.get_buffer("running_mean")!.fill_(9);
        Assert.NotEqual(WeightBytes.Of(other), WeightBytes.Of(_network));
        TensorAssert.NoneIsLeftBehind(() => NetworkWeights.Copy(other, _network));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void One_number_that_is_not_finite_is_found_in_weights_and_in_buffers(float value)
    {
        Assert.True(NetworkWeights.AreFinite(_network));
        foreach (var name in new[] { "bias", "running_var" })
        {
            using var scope = NewDisposeScope();
            using var withoutGradients = no_grad();
            using var network = nn.BatchNorm1d(3);
            network.state_dict()[name][2] = value;

            Assert.False(NetworkWeights.AreFinite(network));
        }
    }

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    private static void Fill(nn.Module network)
    {
        using var withoutGradients = no_grad();
        var next = 1;
        foreach (var (_, tensor) in network.state_dict())
        {
            tensor.fill_(next++);
        }
    }
}
