namespace PhotoMl.Quality;

/// <summary>Estimates which labels are wrong, from predictions of networks that did not see the images.</summary>
/// <remarks>C. G. Northcutt, L. Jiang, I. L. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70 (2021). With
/// p_k the predicted probability of class k, the threshold t_k is the mean of p_k over the images labeled k (equation 2). An image labeled
/// i is counted in C[i][j] where j is the most probable of the classes with p_j of at least t_j (equation 1); one without such a class is
/// not counted. The share of row i outside of its diagonal, times the images labeled i, estimates how many of these are labeled wrongly
/// (equation 3). Images are ranked by their normalized margin, p_given - max p_other.</remarks>
internal sealed class ConfidentLearning
{
    private const double Z = 1.959963984540054; // the 97.5 % quantile of the normal distribution

    private readonly int _classes;

    /// <param name="probabilities">Those of each image, (N, classes), row by row.</param>
    /// <param name="labels">The given class of each image, (N).</param>
    /// <param name="classes">The number of classes.</param>
    public ConfidentLearning(ReadOnlySpan<float> probabilities, ReadOnlySpan<long> labels, int classes)
    {
        _classes = classes;
        Thresholds = ThresholdsOf(probabilities, labels);
        Joint = new int[classes][];
        Counts = new int[classes];
        for (var label = 0; label < classes; label++)
        {
            Joint[label] = new int[classes];
        }

        var doubtful = new List<DoubtfulIndex>();
        for (var i = 0; i < labels.Length; i++)
        {
            var row = probabilities.Slice(i * classes, classes);
            var given = (int)labels[i];
            Counts[given]++;
            if (FindConfident(row) is { } confident)
            {
                Joint[given][confident]++;
            }

            var suggested = FindLargest(row);
            if (suggested != given)
            {
                doubtful.Add(new DoubtfulIndex(i, suggested, row[given], row[suggested]));
            }
        }

        Doubtful = [.. doubtful.OrderBy(image => image.Given - image.Suggested).ThenBy(image => image.Image)];
    }

    /// <summary>The threshold of each class; infinite where no image has its label.</summary>
    public double[] Thresholds { get; }

    /// <summary>How many images of each label are confidently of each class.</summary>
    public int[][] Joint { get; }

    /// <summary>How many images each class has by its labels.</summary>
    public int[] Counts { get; }

    /// <summary>The images that are predicted as another class than their label, the most doubtful first.</summary>
    public IReadOnlyList<DoubtfulIndex> Doubtful { get; }

    /// <summary>Estimates how many labels are wrong, with a 95 % interval.</summary>
    /// <remarks>The share of each row is one of a sample, of which the variance is that of (x + 2) / (n + 4) (A. Agresti, B. A. Coull,
    /// "Approximate is better than exact", The American Statistician 1998); those of the rows add up. What the networks themselves get
    /// wrong is not in it.</remarks>
    public (double Value, double Low, double High) EstimateWrong()
    {
        var (value, variance) = (0.0, 0.0);
        for (var label = 0; label < _classes; label++)
        {
            var (counted, total) = (Joint[label].Sum(), Counts[label]);
            if (total > 0)
            {
                var wrong = counted - Joint[label][label];
                var share = (wrong + 2.0) / (counted + 4);
                value += counted == 0 ? 0 : total * (double)wrong / counted;
                variance += (double)total * total * share * (1 - share) / (counted + 4);
            }
        }

        var half = Z * Math.Sqrt(variance);
        return (value, Math.Max(0, value - half), Math.Min(Counts.Sum(), value + half));
    }

    private double[] ThresholdsOf(ReadOnlySpan<float> probabilities, ReadOnlySpan<long> labels)
    {
        var (sums, counts) = (new double[_classes], new int[_classes]);
        for (var i = 0; i < labels.Length; i++)
        {
            var label = (int)labels[i];
            sums[label] += probabilities[(i * _classes) + label];
            counts[label]++;
        }

        return [.. sums.Zip(counts, (sum, count) => count == 0 ? double.PositiveInfinity : sum / count)];
    }

    private int? FindConfident(ReadOnlySpan<float> row)
    {
        int? found = null;
        for (var label = 0; label < row.Length; label++)
        {
            if (row[label] >= Thresholds[label] && (found is not { } best || row[label] > row[best]))
            {
                found = label;
            }
        }

        return found;
    }

    private static int FindLargest(ReadOnlySpan<float> row)
    {
        var largest = 0;
        for (var label = 1; label < row.Length; label++)
        {
            largest = row[label] > row[largest] ? label : largest;
        }

        return largest;
    }
}

/// <summary>An image that is predicted as another class than its label, with the probabilities of both.</summary>
internal readonly record struct DoubtfulIndex(int Image, int Class, double Given, double Suggested);
