namespace PhotoMl.Quality;

/// <summary>Estimates which labels are wrong, from predictions of networks that did not see the images.</summary>
/// <remarks>C. G. Northcutt, L. Jiang, I. L. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70 (2021). With
/// p_k the predicted probability of class k, the threshold t_k is the mean of p_k over the images labeled k (equation 2). An image labeled
/// i is counted in C[i][j] where j is the most probable of the classes with p_j of at least t_j (equation 1); one without such a class is
/// not counted. The share of row i outside of its diagonal, times the images labeled i, estimates how many of these are labeled wrongly
/// (equation 3). Those predicted as another class are ranked by p_given / max p_other, which found as many as p_given alone and more than
/// the normalized margin, p_given - max p_other; of networks that saw the image with its label too, which found more than those that did
/// not see it (tests/acceptance/README.md; after G. Pleiss et al., "Identifying Mislabeled Data using the Area Under the Margin Ranking",
/// NeurIPS 2020: a network in training is slow to believe a wrong label).</remarks>
internal sealed class ConfidentLearning
{
    public const double Z = 1.959963984540054; // the 97.5 % quantile of the normal distribution

    private const float LeastProbability = 1e-12f; // so that networks that exclude different classes leave no 0 / 0

    /// <param name="unseen">The probabilities of each image by networks that did not see it, (N, classes).</param>
    /// <param name="labels">The given class of each image, (N).</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="unlearned">Classes that a network did not learn, of which nothing can be told. Default none.</param>
    /// <param name="ranking">The probabilities by which doubtful labels are ranked, (N, classes). Default the same.</param>
    public ConfidentLearning(
        IReadOnlyList<float[]> unseen, long[] labels, int classes, HashSet<long>? unlearned = null, IReadOnlyList<float[]>? ranking = null)
    {
        (unlearned, ranking) = (unlearned ?? [], ranking ?? unseen);
        int[] all = [.. Enumerable.Range(0, classes)];
        var images = labels.Zip(unseen).Where(image => !unlearned.Contains(image.First)).ToArray();
        var ofClass = images.ToLookup(image => image.First, image => image.Second);
        Counts = Array.ConvertAll(all, label => ofClass[label].Count());
        var thresholds = Array.ConvertAll(
            all, label => ofClass[label].Select(row => (double)row[label]).DefaultIfEmpty(double.PositiveInfinity).Average());
        Joint = Array.ConvertAll(all, _ => new int[classes]);
        foreach (var (given, row) in images)
        {
            if (all.Where(label => row[label] >= thresholds[label]).OrderByDescending(label => row[label]).ToArray() is [var confident, ..])
            {
                Joint[given][confident]++;
            }
        }

        int Best(float[] row, long except = -1) => all.Where(label => label != except).MaxBy(label => row[label]);
        var doubtful = labels.Index().Where(image => !unlearned.Contains(image.Item) && Best(unseen[image.Index]) != image.Item);
        Doubtful = [.. doubtful.Select(image => (Image: image.Index, Class: Best(ranking[image.Index], except: image.Item)))
            .OrderBy(found => ranking[found.Image][labels[found.Image]] / ranking[found.Image][found.Class])];
    }

    /// <summary>The confident joint C: how many images of each label are confidently of each class.</summary>
    public int[][] Joint { get; }

    /// <summary>How many images each class that was learned has by its labels.</summary>
    public int[] Counts { get; }

    /// <summary>The images predicted as another class than their label, with the other class most probable, the most doubtful
    /// first.</summary>
    public IReadOnlyList<(int Image, int Class)> Doubtful { get; }

    /// <summary>The geometric mean of what several networks predict, (N, classes), whose classes sum to 1.</summary>
    public static float[][] GeometricMean(IReadOnlyList<float[][]> predictions) =>
        [.. predictions[0].Select((row, image) =>
        {
            double Mean(int k) => Math.Exp(predictions.Average(rows => Math.Log(Math.Max(rows[image][k], LeastProbability))));
            double[] means = [.. row.Select((_, k) => Mean(k))];
            var sum = means.Sum();
            return Array.ConvertAll(means, mean => (float)(mean / sum));
        })];

    /// <summary>Estimates how many labels are wrong, with a 95 % interval.</summary>
    /// <remarks>The share of each row is one of a sample, of which the variance is that of (x + 2) / (n + 4) (A. Agresti, B. A. Coull,
    /// "Approximate is better than exact", The American Statistician 1998); those of the rows add up. What the networks themselves get
    /// wrong is not in it.</remarks>
    public (double Value, double Low, double High) EstimateWrong()
    {
        var (value, variance) = (0.0, 0.0);
        foreach (var (label, row) in Joint.Index().Where(row => Counts[row.Index] > 0))
        {
            var (counted, wrong, total) = (row.Sum(), row.Sum() - row[label], (double)Counts[label]);
            var share = (wrong + 2.0) / (counted + 4);
            value += total * wrong / Math.Max(1, counted);
            variance += total * total * share * (1 - share) / (counted + 4);
        }

        var half = Z * Math.Sqrt(variance);
        return (value, Math.Max(0, value - half), Math.Min(Counts.Sum(), value + half));
    }
}
