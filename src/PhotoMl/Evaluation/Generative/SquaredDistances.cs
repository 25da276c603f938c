namespace PhotoMl.Evaluation;

/// <summary>Squared Euclidean distances between two sets of points, a few rows of their matrix at a time.</summary>
/// <remarks>
/// <para>|a - b|^2 = |a|^2 + |b|^2 - 2ab is one matrix product, of the rows (a, |a|^2, 1) and (-2b, 1, |b|^2). It loses the digits that the
/// squares have more than the distance, so the points are centred first and the product is made in float64: of a distance the size of the
/// points, 12 digits stay at least.</para>
/// <para>Points that are equal come out less than 1e-6 of their size apart, and no points less far apart can be distinguished from equal
/// ones.</para>
/// </remarks>
internal static class SquaredDistances
{
    private const long DistancesPerChunk = 1 << 21; // 16 MiB
    private const double EqualBelow = 1e-12; // of the point's own square

    public static void ForEachChunk(Tensor from, Tensor to, Action<long, Tensor> visit, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var (a, b) = Centred(from, to);
        var (count, others) = (a.shape[0], b.shape[0]);
        var rows = cat([a, Squares(a), ones(count, 1, dtype: ScalarType.Float64)], 1); // (N, D + 2)
        var columns = cat([b * -2, ones(others, 1, dtype: ScalarType.Float64), Squares(b)], 1).t(); // (D + 2, M)
        var height = Math.Clamp(DistancesPerChunk / others, 1, count);
        var buffer = empty(height, others, dtype: ScalarType.Float64);
        for (var start = 0L; start < count; start += height)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var length = Math.Min(height, count - start);
            var chunk = buffer.narrow(0, 0, length);
            chunk.addmm_(rows.narrow(0, start, length), columns, beta: 0, alpha: 1).clamp_(min: 0);
            visit(start, chunk);
        }
    }

    /// <summary>Computes the distance of each point to that of a rank among its nearest, 1 for the nearest.</summary>
    public static Tensor ToNearest(Tensor from, Tensor to, int rank, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var nearest = empty(from.shape[0], dtype: ScalarType.Float64);
        ForEachChunk(from, to, Keep, cancellationToken);
        var (points, _) = Centred(from, to);
        return nearest.mul_(nearest.gt(Squares(points).squeeze(1) * EqualBelow)).MoveToOuterDisposeScope();

        void Keep(long start, Tensor chunk) => nearest.narrow(0, start, chunk.shape[0])
            .copy_(rank == 1 ? chunk.amin([1]) : chunk.topk(rank, 1, largest: false).values.amax([1]));
    }

    private static (Tensor From, Tensor To) Centred(Tensor from, Tensor to)
    {
        var exact = to.to(ScalarType.Float64);
        var centre = exact.mean([0]);
        return (from.to(ScalarType.Float64) - centre, exact - centre);
    }

    private static Tensor Squares(Tensor points) => points.square().sum(1, keepdim: true);
}
