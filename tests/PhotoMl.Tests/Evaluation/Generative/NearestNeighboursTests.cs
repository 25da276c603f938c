namespace PhotoMl.Tests.Evaluation;

public sealed class NearestNeighboursTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Distances_are_those_worked_out_by_hand()
    {
        var references = tensor(new float[,] { { 0, 0 }, { 10, 0 } });
        var distances = NearestNeighbours.Distances(tensor(new float[,] { { 3, 4 }, { 10, 2 }, { 10, 0 } }), references);

        Assert.Equal(5, distances[0], 10);
        Assert.Equal(2, distances[1], 10);
        Assert.Equal(0, distances[2]);
    }

    [Fact]
    public void A_member_of_the_set_is_not_its_own_neighbour_but_its_copy_is()
    {
        var references = tensor(new double[] { 0, 1, 4, 4 }).unsqueeze(1);
        var distances = NearestNeighbours.DistancesToOthers(tensor(new double[] { 0, 4, 1 }).unsqueeze(1), references);

        Assert.Equal(1, distances[0], 10);
        Assert.Equal(0, distances[1]);
        Assert.Equal(1, distances[2], 10);
    }

    [Fact]
    public void Copies_are_found_exactly_however_far_from_0_the_features_lie()
    {
        var references = TensorAssert.Normal(1, 3000, 64) + 1000;
        var copies = references.index_select(0, tensor(new long[] { 2999, 0, 1234 }));

        Assert.Equal([0, 0, 0], NearestNeighbours.Distances(copies, references));
        Assert.All(NearestNeighbours.DistancesToOthers(copies, references), distance => Assert.InRange(distance, 4, 12));
    }

    [Fact]
    public void All_chunks_together_are_one_plain_distance_matrix()
    {
        var (features, references) = (TensorAssert.Normal(1, 700, 4), TensorAssert.Normal(2, 3100, 4)); // 2^21 distances are a chunk
        var plain = (features.to(ScalarType.Float64).unsqueeze(1) - references).square().sum(2).amin([1]).sqrt();

        TensorAssert.Close(plain, tensor(NearestNeighbours.Distances(features, references)), 1e-9, 0);
    }

    [Fact]
    public void Sets_that_are_empty_or_too_small_are_refused_and_no_tensor_is_left_behind()
    {
        Assert.Throws<ArgumentException>(() => NearestNeighbours.Distances(ones(2, 2), ones(0, 2)));
        Assert.Throws<ArgumentException>(() => NearestNeighbours.DistancesToOthers(ones(1, 2), ones(1, 2)));
        Assert.Throws<ArgumentException>(() => NearestNeighbours.Distances(ones(2, 2), ones(2, 3)));

        var features = TensorAssert.Normal(1, 50, 3);
        TensorAssert.NoneIsLeftBehind(() => NearestNeighbours.DistancesToOthers(features, features));
    }

    public void Dispose() => _scope.Dispose();
}
