namespace PhotoMl.Tests.Evaluation;

public sealed class SquaredDistancesTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Distances_are_those_worked_out_by_hand()
    {
        var distances = Nearest(tensor(new float[,] { { 3, 4 }, { 10, 2 }, { 10, 0 } }), tensor(new float[,] { { 0, 0 }, { 10, 0 } }));

        Assert.Equal(25, distances[0], 10);
        Assert.Equal(4, distances[1], 10);
        Assert.Equal(0, distances[2]);
    }

    [Fact]
    public void A_member_of_the_set_is_not_its_own_second_nearest_but_its_copy_is()
    {
        var references = tensor(new double[] { 0, 1, 4, 4 }).unsqueeze(1);
        var distances = Nearest(tensor(new double[] { 0, 4, 1 }).unsqueeze(1), references, rank: 2);

        Assert.Equal(1, distances[0], 10);
        Assert.Equal(0, distances[1]);
        Assert.Equal(1, distances[2], 10);
    }

    [Fact]
    public void Copies_are_found_exactly_however_far_from_0_the_features_lie()
    {
        var references = TensorAssert.Normal(1, 3000, 64) + 1000;
        var copies = references.index_select(0, tensor(new long[] { 2999, 0, 1234 }));

        Assert.Equal([0, 0, 0], Nearest(copies, references));
        Assert.All(Nearest(copies, references, rank: 2), distance => Assert.InRange(distance, 16, 144));
    }

    [Fact]
    public void All_chunks_together_are_one_plain_distance_matrix_and_no_tensor_is_left_behind()
    {
        var (features, references) = (TensorAssert.Normal(1, 700, 4), TensorAssert.Normal(2, 3100, 4)); // 2^21 distances are a chunk
        var plain = (features.to(ScalarType.Float64).unsqueeze(1) - references).square().sum(2).amin([1]);

        TensorAssert.Close(plain, tensor(Nearest(features, references)), 1e-9, 0);
        TensorAssert.NoneIsLeftBehind(() => Nearest(features, references));
    }

    public void Dispose() => _scope.Dispose();

    private static double[] Nearest(Tensor features, Tensor references, int rank = 1)
    {
        using var nearest = SquaredDistances.ToNearest(features, references, rank, CancellationToken.None);
        return nearest.data<double>().ToArray();
    }
}
