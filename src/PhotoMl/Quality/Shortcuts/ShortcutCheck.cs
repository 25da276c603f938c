using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>Measures how well the class of a photo is predicted from properties that should not matter: what they tell a network may learn
/// in place of the subject.</summary>
/// <remarks>
/// <para>Five-fold cross-validation over the photos to train on, of near duplicates one. A value is predicted as the class of which the
/// largest share has it, so that rare classes count as frequent ones; one that was not seen is a guess. The figure is the balanced
/// accuracy, for which guessing gives 1 / K.</para>
/// <para>A property is above chance where its accuracy lies 4 standard deviations above the mean of 100 permutations of the classes
/// (P. Good, "Permutation, Parametric and Bootstrap Tests of Hypotheses", 2005); one in 30,000 would by chance.</para>
/// </remarks>
internal sealed class ShortcutCheck
{
    private const int Folds = 5;
    private const int Permutations = 100;
    private const double Deviations = 4;
    private const double Z = 1.959963984540054; // the 97.5 % quantile of the normal distribution
    private const int MostExamples = 3;
    private const long PermutationPurpose = 0x5045524D; // "PERM"

    private readonly IReadOnlyList<PhotoInfo> _photos;
    private readonly string[] _classes;
    private readonly int[] _labels;
    private readonly int[] _counts;
    private readonly int[] _foldOf;
    private readonly long _seed;

    public ShortcutCheck(IEnumerable<PhotoInfo> photos, long seed)
    {
        // A class of fewer photos than folds says nothing.
        _photos = [.. photos.GroupBy(photo => photo.Class).Where(group => group.Count() >= Folds).SelectMany(group => group)];
        _classes = [.. _photos.Select(photo => photo.Class).Distinct().Order(StringComparer.Ordinal)];
        _labels = [.. _photos.Select(photo => Array.BinarySearch(_classes, photo.Class, StringComparer.Ordinal))];
        _counts = [.. Enumerable.Range(0, _classes.Length).Select(label => _labels.Count(value => value == label))];
        _foldOf = new int[_labels.Length];
        _seed = seed;
        var folds = _classes.Length < 2 ? [] : Split.Folds(Array.ConvertAll(_labels, label => (long)label), Folds, seed);
        foreach (var (fold, split) in folds.Index())
        {
            Array.ForEach(split.Validation, photo => _foldOf[photo] = fold);
        }
    }

    /// <summary>Measures every property, the most telling first.</summary>
    public IReadOnlyList<ShortcutFinding> Run(CancellationToken cancellationToken)
    {
        if (_classes.Length < 2)
        {
            return [];
        }

        var findings = PhotoProperty.Of(_photos).Select(property =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Measure(property);
        });
        return [.. findings.Append(MeasureFrame(cancellationToken)).OrderByDescending(found => found.IsAboveChance)
            .ThenByDescending(found => found.Accuracy)];
    }

    private ShortcutFinding Measure(PhotoProperty property)
    {
        var names = property.Values.Distinct().ToList();
        var values = Array.ConvertAll(property.Values, name => names.IndexOf(name));
        var random = new DeterministicRandom(_seed, PermutationPurpose);
        var permuted = Enumerable.Range(0, Permutations).Select(_ =>
        {
            int[] labels = [.. _labels];
            random.Shuffle(labels.AsSpan());
            return Recalls(values, names.Count, labels).Average();
        }).ToArray();
        var mean = permuted.Average();
        var deviation = Math.Sqrt(permuted.Sum(value => Math.Pow(value - mean, 2)) / (Permutations - 1));
        var recalls = Recalls(values, names.Count, _labels);
        var isAbove = recalls.Average() > mean + (Deviations * Math.Max(deviation, 1e-9));
        return Finding(property.Name, recalls, isAbove, Examples(values, names));
    }

    // The share of each class's photos that are predicted right from the other folds.
    private double[] Recalls(int[] values, int count, int[] labels)
    {
        var classes = _classes.Length;
        var all = new int[count * classes];
        var ofFold = new int[Folds * count * classes];
        for (var i = 0; i < labels.Length; i++)
        {
            var at = (values[i] * classes) + labels[i];
            all[at]++;
            ofFold[(_foldOf[i] * count * classes) + at]++;
        }

        var right = new double[classes];
        for (var fold = 0; fold < Folds; fold++)
        {
            var heldOut = ofFold.AsSpan(fold * count * classes, count * classes);
            for (var value = 0; value < count; value++)
            {
                var (best, ties) = (0.0, new List<int>());
                for (var label = 0; label < classes; label++)
                {
                    var at = (value * classes) + label;
                    var share = (double)(all[at] - heldOut[at]) / _counts[label];
                    if (share > best)
                    {
                        (best, ties) = (share, []);
                    }

                    if (share == best)
                    {
                        ties.Add(label);
                    }
                }

                foreach (var label in ties)
                {
                    right[label] += (double)heldOut[(value * classes) + label] / ties.Count;
                }
            }
        }

        return [.. right.Zip(_counts, (sum, total) => sum / total)];
    }

    private ShortcutFinding MeasureFrame(CancellationToken cancellationToken)
    {
        var predicted = FrameNetwork.Predict(_photos, _labels, _foldOf, Folds, _classes.Length, _seed, cancellationToken);
        var right = _labels.Zip(predicted).Where(pair => pair.First == pair.Second).CountBy(pair => pair.First).ToDictionary();
        double[] recalls = [.. _counts.Select((count, label) => (double)right.GetValueOrDefault(label) / count)];
        var chance = 1.0 / _classes.Length;
        var deviation = Math.Sqrt(_counts.Sum(count => chance * (1 - chance) / count)) / _classes.Length;
        var isAbove = recalls.Average() > chance + (Deviations * deviation);
        var examples = recalls.Index().OrderByDescending(recall => recall.Item).Take(MostExamples)
            .Select(recall => $"{_classes[recall.Index]}: {100 * recall.Item:F0} % predicted right");
        return Finding("outer frame (small network)", recalls, isAbove, [.. examples]);
    }

    // What tells classes less well than guessing may differ from chance too, but is nothing to learn.
    private ShortcutFinding Finding(string property, double[] recalls, bool isAbove, IReadOnlyList<string> examples)
    {
        var accuracy = recalls.Average();
        var variances = recalls.Zip(_counts, (recall, count) =>
        {
            var share = ((recall * count) + 2) / (count + 4.0); // A. Agresti, B. A. Coull, 1998: all right is no certainty
            return share * (1 - share) / (count + 4.0);
        });
        var half = Z * Math.Sqrt(variances.Sum()) / recalls.Length;
        isAbove &= accuracy - half > 1.0 / recalls.Length;
        return new ShortcutFinding
        {
            Property = property,
            Photos = _labels.Length,
            Accuracy = accuracy,
            Low = Math.Max(0, accuracy - half),
            High = Math.Min(1, accuracy + half),
            Chance = 1.0 / recalls.Length,
            IsAboveChance = isAbove,
            Examples = isAbove ? examples : [],
        };
    }

    // The values that have most more photos of a class than they would if the class did not matter.
    private string[] Examples(int[] values, List<string> names)
    {
        var ofValue = values.CountBy(value => value).ToDictionary();
        return
        [
            .. values.Zip(_labels).CountBy(pair => pair)
                .OrderByDescending(pair => pair.Value - ((double)ofValue[pair.Key.First] * _counts[pair.Key.Second] / values.Length))
                .Take(MostExamples)
                .Select(pair =>
                    $"{names[pair.Key.First]}: {pair.Value:N0} of {ofValue[pair.Key.First]:N0} are {_classes[pair.Key.Second]}"),
        ];
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

    /// <summary>The lower end of its 95 % interval.</summary>
    public required double Low { get; init; }

    /// <summary>The upper end of its 95 % interval.</summary>
    public required double High { get; init; }

    /// <summary>The balanced accuracy of guessing: one for each class.</summary>
    public required double Chance { get; init; }

    /// <summary>Whether it is so far above guessing that chance does not explain it.</summary>
    public required bool IsAboveChance { get; init; }

    /// <summary>Values and classes that go together most, in words, at most three; none where it is not above chance.</summary>
    public required IReadOnlyList<string> Examples { get; init; }
}
