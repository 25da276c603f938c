namespace PhotoMl.Quality;

/// <summary>Estimates which labels are wrong, from predictions of networks that did not see the images.</summary>
/// <remarks>C. G. Northcutt, L. Jiang, I. L. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70 (2021). With
/// p_k the predicted probability of class k, the threshold t_k is the mean of p_k over the images labeled k (equation 2). An image labeled
/// i is counted in C[i][j] where j is the most probable of the classes with p_j of at least t_j (equation 1); one without such a class is
/// not counted. The share of row i outside of its diagonal, times the images labeled i, estimates how many of these are labeled wrongly
/// (equation 3). Images that are predicted as another class are ranked by p_given / max p_other, which found as many as p_given alone and
/// more than the normalized margin, p_given - max p_other. With networks that were trained on the images this is multiplied by the same
/// ratio of theirs, which found more (tests/acceptance/README.md): wrong labels are learned late and weakly (G. Pleiss et al.,
/// "Identifying Mislabeled Data using the Area Under the Margin Ranking", NeurIPS 2020, where the margin is averaged over epochs).
/// </remarks>
internal sealed class ConfidentLearning
{
    public const double Z = 1.959963984540054; // the 97.5 % quantile of the normal distribution

    /// <param name="probabilities">Those of each image by networks that were not trained on it, (N, classes).</param>
    /// <param name="labels">The given class of each image, (N).</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="unlearned">Classes that a network did not learn, of which nothing can be told. Default none.</param>
    /// <param name="trained">The probabilities by networks that were trained on the image, (N, classes), which only rank. Default none.
    /// </param>
    public ConfidentLearning(
        IReadOnlyList<float[]> probabilities, long[] labels, int classes, HashSet<long>? unlearned = null,
        IReadOnlyList<float[]>? trained = null)
    {
        unlearned ??= [];
        int[] all = [.. Enumerable.Range(0, classes)];
        var images = labels.Zip(probabilities).Where(image => !unlearned.Contains(image.First)).ToArray();
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

        var predicted = probabilities.Select((row, image) => (Image: image, Class: Array.IndexOf(row, row.Max())));
        double Ratio(IReadOnlyList<float[]>? rows, int image) => rows is null
            ? 1 : rows[image][labels[image]] / rows[image].Where((_, label) => label != labels[image]).Max();
        Doubtful = [.. predicted.Where(found => found.Class != labels[found.Image] && !unlearned.Contains(labels[found.Image]))
            .OrderBy(found => Ratio(probabilities, found.Image) * Ratio(trained, found.Image))];
    }

    /// <summary>The confident joint C: how many images of each label are confidently of each class.</summary>
    public int[][] Joint { get; }

    /// <summary>How many images each class that was learned has by its labels.</summary>
    public int[] Counts { get; }

    /// <summary>The images that are predicted as another class than their label, with that class, the most doubtful first.</summary>
    public IReadOnlyList<(int Image, int Class)> Doubtful { get; }

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
