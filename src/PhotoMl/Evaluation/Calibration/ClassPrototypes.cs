using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>A few points that stand for the embeddings of each class.</summary>
internal static class ClassPrototypes
{
    private const int MostPrototypes = 4096; // of all classes together, as long as each has one
    private const int Iterations = 15; // little moves after these

    public static Tensor Find(Tensor embeddings, long[] labels, int classes)
    {
        using var scope = NewDisposeScope();
        var count = Math.Clamp(MostPrototypes / classes, 1, ConformalReference.MostPrototypes); // of each class
        var far = (double)Half.MaxValue; // of a class without images, which no image is near
        var prototypes = full([classes, count, embeddings.shape[1]], far, dtype: ScalarType.Float16);
        foreach (var members in labels.Index().GroupBy(image => image.Item, image => (long)image.Index))
        {
            using var step = NewDisposeScope();
            var points = embeddings.index_select(0, tensor(members.ToArray())).to(ScalarType.Float64);
            prototypes[members.Key].copy_(Cluster(points, count));
        }

        return prototypes.MoveToOuterDisposeScope();
    }

    // S. Lloyd, "Least Squares Quantization in PCM" (1982), from evenly spaced members; the same members give the same means, bit for bit.
    private static Tensor Cluster(Tensor points, int count)
    {
        var starts = Enumerable.Range(0, count).Select(k => k * points.shape[0] / count).ToArray();
        var means = points.index_select(0, tensor(starts));
        for (var i = 0; i < Iterations && points.shape[0] > count; i++)
        {
            var distances = means.square().sum(1) - (2 * points.mm(means.t())); // up to the square of each point
            var isNearest = distances.argmin(1).unsqueeze(1).eq(arange(count)).to(ScalarType.Float64); // (N, prototypes)
            var sizes = isNearest.sum(dim: 0).unsqueeze(1);
            means = where(sizes.gt(0), isNearest.t().mm(points) / sizes.clamp(min: 1), means);
        }

        return means;
    }
}
