using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>Measures how well the class of a photo is predicted from properties that should not matter, which a network may learn in place
/// of the subject.</summary>
/// <remarks>
/// <para>Five-fold cross-validation over the photos to train on, of near duplicates one. A value is predicted as the class of which the
/// largest share has it, so that rare classes count as frequent ones; one that was not seen is a guess. The figure is the balanced
/// accuracy, for which guessing gives 1 / K.</para>
/// <para>A property is above chance where the lower end of the interval is, and where chi squared of values and classes lies 4 standard
/// deviations above its mean on the scale of its cube root, which is nearly normal (E. B. Wilson, M. M. Hilferty, "The Distribution of
/// Chi-Square", PNAS 1931). By chance one in 30,000 does where each value and class has many photos, up to one in 600 where they have five.
/// The accuracy of the frame's network must lie 4 deviations of a guess above one, times 1.3: what is learned from the other folds varies
/// by as much more.</para>
/// </remarks>
internal sealed class ShortcutCheck
{
    private const int Folds = 5;
    private const double Deviations = 4;
    private const double LearnedDeviation = 1.3;
    private const int MostExamples = 3;

    private readonly PhotoInfo[] _photos;
    private readonly string[] _classes;
    private readonly int[] _labels;
    private readonly int[] _counts;
    private readonly Split[] _folds;
    private readonly long _seed;

    public ShortcutCheck(IEnumerable<PhotoInfo> photos, long seed)
    {
        // A class of fewer photos than folds is left out.
        _photos = [.. photos.GroupBy(photo => photo.Class).Where(group => group.Count() >= Folds).SelectMany(group => group)];
        _classes = [.. _photos.Select(photo => photo.Class).Distinct().Order(StringComparer.Ordinal)];
        _labels = [.. _photos.Select(photo => Array.BinarySearch(_classes, photo.Class, StringComparer.Ordinal))];
        _counts = [.. _classes.Select(name => _photos.Count(photo => photo.Class == name))];
        _folds = _classes.Length < 2 ? [] : Split.Folds(Array.ConvertAll(_labels, label => (long)label), Folds, seed);
        _seed = seed;
    }

    /// <summary>Measures every property, the most telling first; none where there are too few photos.</summary>
    public IReadOnlyList<ShortcutFinding> Run(CancellationToken cancellationToken)
    {
        IEnumerable<ShortcutFinding> findings = _folds.Length == 0 ? [] : PhotoProperty.Of(_photos)
            .Select(property => Measure(property, cancellationToken)).Append(MeasureFrame(cancellationToken));
        return [.. findings.OrderByDescending(found => found.IsAboveChance).ThenByDescending(found => found.Accuracy)];
    }

    private ShortcutFinding Measure(PhotoProperty property, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var names = property.Values.Distinct().ToList();
        var values = Array.ConvertAll(property.Values, name => names.IndexOf(name));
        var ofValue = values.CountBy(value => value).ToDictionary();
        var counted = values.Zip(_labels).CountBy(pair => pair).ToDictionary();

        // How far chi squared, the sum of (counted - expected)^2 / expected, lies above what it is without association.
        var cells = from value in ofValue.Keys
                    from label in Enumerable.Range(0, _classes.Length)
                    select Math.Pow(counted.GetValueOrDefault((value, label)) - Expected(value, label), 2) / Expected(value, label);
        var freedom = (names.Count - 1.0) * (_classes.Length - 1);
        var association = (Math.Cbrt(cells.Sum() / freedom) - 1 + (2 / (9 * freedom))) / Math.Sqrt(2 / (9 * freedom));

        // The values that exceed most the photos of a class that they would have if the class did not matter.
        var examples = counted.OrderByDescending(pair => pair.Value - Expected(pair.Key.First, pair.Key.Second))
            .Select(pair => $"{names[pair.Key.First]}: {pair.Value:N0} of {ofValue[pair.Key.First]:N0} are {_classes[pair.Key.Second]}");
        return Finding(property.Name, Recalls(values, names.Count), association > Deviations, examples);

        double Expected(int value, int label) => (double)ofValue[value] * _counts[label] / values.Length;
    }

    // The share of each class's photos that are predicted right from the other folds.
    private double[] Recalls(int[] values, int count)
    {
        var right = new double[_classes.Length];
        foreach (var fold in _folds)
        {
            // Of the photos trained on: by the shares of all, a class of which more are held out would be predicted less.
            var (counted, counts) = (new double[count, right.Length], new int[right.Length]);
            Array.ForEach(fold.Train, i => counted[values[i], _labels[i]] += 1);
            Array.ForEach(fold.Train, i => counts[_labels[i]]++);
            foreach (var i in fold.Validation)
            {
                double[] shares = [.. counts.Select((ofClass, label) => counted[values[i], label] / ofClass)];
                right[_labels[i]] += shares[_labels[i]] == shares.Max() ? 1.0 / shares.Count(share => share == shares.Max()) : 0;
            }
        }

        return [.. right.Zip(_counts, (sum, total) => sum / total)];
    }

    private ShortcutFinding MeasureFrame(CancellationToken cancellationToken)
    {
        NativeLibraries.EnsureLoaded();
        using var scope = NewDisposeScope();
        var bytes = _photos.SelectMany(photo => Convert.FromBase64String(photo.Frame)).ToArray();
        var frames = tensor(bytes, [_photos.Length, PictureFrame.Length], ScalarType.Byte).to(ScalarType.Float32);
        frames = (frames - frames.mean([0], keepdim: true)) / (frames.std(0, unbiased: false, keepdim: true) + 1); // (N, 240)
        var labels = tensor(Array.ConvertAll(_labels, label => (long)label));
        var weights = tensor(_counts.Select(count => (float)_photos.Length / (_classes.Length * count)).ToArray());
        var recalls = new double[_classes.Length];
        foreach (var fold in _folds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (i, predicted) in fold.Validation.Zip(
                FrameNetwork.Predict(frames, labels, fold.Train, fold.Validation, weights, _seed)))
            {
                recalls[_labels[i]] += predicted == _labels[i] ? 1.0 / _counts[_labels[i]] : 0;
            }
        }

        var chance = 1.0 / _classes.Length;
        var deviation = LearnedDeviation * Math.Sqrt(_counts.Sum(count => chance * (1 - chance) / count)) / _classes.Length;
        var examples = recalls.Index().OrderByDescending(recall => recall.Item)
            .Select(recall => $"{_classes[recall.Index]}: {100 * recall.Item:F0} % predicted right");
        return Finding("outer frame (small network)", recalls, recalls.Average() > chance + (Deviations * deviation), examples);
    }

    private ShortcutFinding Finding(string property, double[] recalls, bool isAssociated, IEnumerable<string> examples)
    {
        var (accuracy, chance) = (recalls.Average(), 1.0 / recalls.Length);
        var variances = recalls.Zip(_counts, (recall, count) =>
        {
            var share = ((recall * count) + 2) / (count + 4.0); // A. Agresti, B. A. Coull, 1998: all right is no certainty
            return share * (1 - share) / (count + 4.0);
        });
        var half = ConfidentLearning.Z * Math.Sqrt(variances.Sum()) / recalls.Length;
        var isLikely = accuracy - half > chance;
        return new ShortcutFinding
        {
            Property = property,
            Photos = _labels.Length,
            Accuracy = accuracy,
            Low = Math.Max(0, accuracy - half),
            High = Math.Min(1, accuracy + half),
            Chance = chance,
            IsAboveChance = isLikely && isAssociated,
            Examples = isLikely ? [.. examples.Take(MostExamples)] : [],
        };
    }
}

/// <summary>How well the class of a photo is predicted from one property that should not matter.</summary>
public sealed record ShortcutFinding
{
    /// <summary>The property, such as the camera.</summary>
    public required string Property { get; init; }

    /// <summary>How many photos were used.</summary>
    public required int Photos { get; init; }

    /// <summary>The cross-validated balanced accuracy, in [0, 1].</summary>
    public required double Accuracy { get; init; }

    /// <summary>The lower end of its 95 % interval, of a normal distribution, each class's share by A. Agresti and B. A. Coull; how much
    /// another training would differ is not in it.</summary>
    public required double Low { get; init; }

    /// <summary>The upper end of its 95 % interval.</summary>
    public required double High { get; init; }

    /// <summary>The balanced accuracy of guessing, 1 / classes.</summary>
    public required double Chance { get; init; }

    /// <summary>Whether <see cref="Low"/> is above <see cref="Chance"/> and, as a second test, values and classes are associated by 4
    /// standard deviations of chi squared; of the outer frame, the accuracy is as far above guessing.</summary>
    public required bool IsAboveChance { get; init; }

    /// <summary>Values and classes that go together most, in words, at most three; none where <see cref="Low"/> is not above
    /// <see cref="Chance"/>.</summary>
    public required IReadOnlyList<string> Examples { get; init; }
}
