using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Evaluation;

/// <summary>A few points that stand for the embeddings of each class.</summary>
internal static class ClassPrototypes
{
    private const int MostPrototypes = 4096; // of all classes together, as long as each has one
    private const int Iterations = 15; // little moves after these

    /// <summary>How many prototypes each of some classes gets: 32, fewer where there are more than 128 classes.</summary>
    public static int PerClass(int classes) => Math.Clamp(MostPrototypes / classes, 1, ConformalReference.MostPrototypes);

    public static Tensor Find(Tensor embeddings, ReadOnlySpan<long> labels, int classes)
    {
        using var scope = NewDisposeScope();
        var count = PerClass(classes);
        var prototypes = zeros(classes, count, embeddings.shape[1], dtype: ScalarType.Float16);
        var members = Enumerable.Range(0, classes).Select(_ => new List<long>()).ToArray();
        for (var i = 0; i < labels.Length; i++)
        {
            members[labels[i]].Add(i);
        }

        foreach (var (label, indices) in members.Index().Where(entry => entry.Item.Count > 0))
        {
            using var step = NewDisposeScope();
            prototypes[label].copy_(Cluster(embeddings.index_select(0, tensor(indices.ToArray())).to(ScalarType.Float64), count));
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
