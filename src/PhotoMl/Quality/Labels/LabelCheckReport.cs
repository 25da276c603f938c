using PhotoMl.Data;
using PhotoMl.Imaging;

namespace PhotoMl.Quality;

/// <summary>Which labels of a data set are probably wrong. Nothing is changed: only a person can say.</summary>
/// <remarks>After C. G. Northcutt, L. Jiang, I. L. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 70 (2021).
/// </remarks>
public sealed class LabelCheckReport
{
    private const int MostPictures = 96;
    private const int Columns = 8;
    private const int TileSide = 128;

    private readonly string? _source;
    private readonly Dictionary<int, DecodedImage> _pictures; // of images that are no files

    /// <param name="data">The images and their labels.</param>
    /// <param name="source">The folder or list of all photos, of which these may be some; null of other images.</param>
    /// <param name="probabilities">Those of each image by networks that were not trained on it, (N, classes).</param>
    /// <param name="unlearned">Classes that a network did not learn, whose labels are not checked. Default none.</param>
    /// <param name="trained">Those by networks that were, which only rank, (N, classes). Default none.</param>
    internal LabelCheckReport(
        ImageDataset data, string? source, IReadOnlyList<float[]> probabilities, HashSet<long>? unlearned = null,
        IReadOnlyList<float[]>? trained = null)
    {
        _source = source;
        var (labels, classes) = (data.Labels.data<long>().ToArray(), data.ClassNames);
        var found = new ConfidentLearning(probabilities, labels, classes.Count, unlearned, trained);
        Images = found.Counts.Sum();
        (EstimatedWrong, EstimatedLow, EstimatedHigh) = found.EstimateWrong();
        Doubtful = [.. found.Doubtful.Select(image => new DoubtfulLabel
        {
            Image = image.Image,
            Path = data.Paths?[image.Image],
            Label = classes[(int)labels[image.Image]],
            Suggested = classes[image.Class],
            LabelProbability = probabilities[image.Image][labels[image.Image]],
            SuggestedProbability = probabilities[image.Image][image.Class],
        })];
        Confusions =
        [
            .. from row in found.Joint.Index()
               from other in row.Item.Index()
               where row.Index != other.Index && other.Item > 0
               let count = other.Item * (double)found.Counts[row.Index] / row.Item.Sum()
               orderby count descending
               select new LabelConfusion(classes[row.Index], classes[other.Index], count),
        ];
        var missed = found.Doubtful.CountBy(image => labels[image.Image]).ToDictionary();
        var present = found.Counts.Index().Where(label => label.Item > 0).ToArray();
        BalancedAccuracy = present.Average(label => 1 - (missed.GetValueOrDefault(label.Index) / (double)label.Item));

        // The chance is that of the classes that occur, as a label or as a prediction.
        var chance = 1.0 / present.Select(label => label.Index).Union(found.Doubtful.Select(image => image.Class)).Count();
        var deviation = Math.Sqrt(present.Sum(label => chance * (1 - chance) / label.Item)) / present.Length;
        IsBetterThanGuessing = found.Doubtful.Count == 0 || BalancedAccuracy > chance + (ConfidentLearning.Z * deviation);
        long[] drawn = data.Paths is null ? [.. Doubtful.Take(MostPictures).Select(label => (long)label.Image)] : [];
        using var scope = NewDisposeScope();
        var pictures = DecodedImage.FromTensor(data.Take(drawn));
        _pictures = drawn.Zip(pictures).ToDictionary(image => (int)image.First, image => image.Second);
    }

    /// <summary>How many images were checked: those of classes that each network learned.</summary>
    public int Images { get; }

    /// <summary>The share of the checked images that are predicted as they are labeled, in [0, 1].</summary>
    public double Accuracy => 1 - (Doubtful.Count / (double)Images);

    /// <summary>The mean over the classes that were checked of the share of their images that is predicted as labeled, in [0, 1].</summary>
    public double BalancedAccuracy { get; }

    /// <summary>Whether <see cref="BalancedAccuracy"/> is larger than that of 97.5 % of random guesses (normal approximation), or no label
    /// is doubtful. Where it is not, the estimates mean nothing, and no label is flagged.</summary>
    public bool IsBetterThanGuessing { get; }

    /// <summary>An estimate of how many labels are wrong, 0 to <see cref="Images"/>, from the confident joint (equation 3), as if the
    /// networks made no confident errors of their own; where <see cref="Accuracy"/> is low, most of it may be such errors.</summary>
    public double EstimatedWrong { get; }

    /// <summary>The lower end of its 95 % interval, which covers the sample of images, but not the networks' own errors.</summary>
    public double EstimatedLow { get; }

    /// <summary>The upper end of its 95 % interval.</summary>
    public double EstimatedHigh { get; }

    /// <summary>How many of <see cref="Doubtful"/>, from the first, are flagged: as many as are estimated to be wrong, none where the
    /// networks only guess.</summary>
    public int Flagged => IsBetterThanGuessing ? Math.Min(Doubtful.Count, (int)Math.Round(EstimatedWrong)) : 0;

    /// <summary>How many images of one label are estimated to belong to another class, the most first.</summary>
    public IReadOnlyList<LabelConfusion> Confusions { get; }

    /// <summary>The images whose label is not the class they are predicted as, the most doubtful first. Those of
    /// <see cref="ClassifierRun.CheckLabels"/> are ranked by the networks that were trained on the image too, whose probabilities are
    /// not shown.</summary>
    public IReadOnlyList<DoubtfulLabel> Doubtful { get; }

    /// <summary>The first flagged labels, as many as are shown.</summary>
    internal IEnumerable<DoubtfulLabel> Shown => Doubtful.Take(Math.Min(Flagged, MostPictures));

    /// <summary>Lists the doubtful labels as CSV: rank, flagged, image, path, label, suggested, and the probabilities of both.</summary>
    /// <returns>A header and a line for each.</returns>
    public string ToCsv() => string.Concat(Doubtful
        .Select((label, index) => $"{index + 1},{(index < Flagged ? 1 : 0)},{label.Image},{Field(label.Path ?? "")},{Field(label.Label)},"
            + $"{Field(label.Suggested)},{label.LabelProbability:F6},{label.SuggestedProbability:F6}\n")
        .Prepend("rank,flagged,image,path,label,suggested,label_probability,suggested_probability\n"));

    /// <summary>Writes a list of all photos, <c>path,label</c> and the split where they have one, that can be trained on in place of the
    /// folder or list that was checked.</summary>
    /// <param name="path">The file; it is replaced where it exists.</param>
    /// <param name="keepFlagged">Whether the flagged photos are in it. Default not.</param>
    /// <exception cref="InvalidOperationException">The images are no files.</exception>
    /// <exception cref="InvalidDatasetException">The folder or list can no longer be read, or a list cannot hold its photos: a class is
    /// named None, which stands for no label there.</exception>
    /// <exception cref="IO.OutputException">The file cannot be written.</exception>
    public void WriteList(string path, bool keepFlagged = false)
    {
        var list = PhotoList.Open(_source ?? throw new InvalidOperationException("Expected photos but got images that are no files."));
        var left = Doubtful.Take(keepFlagged ? 0 : Flagged).Select(label => label.Path).ToHashSet();
        (list with { Photos = [.. list.Photos.Where(photo => !left.Contains(photo.Path))] }).WriteCsv(path);
    }

    /// <summary>Writes one picture of the first flagged images, at most 96, each above its label and the suggested class, as a PNG
    /// file.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <exception cref="ArgumentException">No label is flagged.</exception>
    /// <exception cref="IO.OutputException">The file cannot be written.</exception>
    public void WriteSheet(string path)
    {
        var rows = Shown.Chunk(Columns).Select(row => new SheetRow(
            "",
            [.. row.Select(Draw)],
            [.. row.Select(label => $"{Sheet.Fit(label.Label, TileSide)}\n{Sheet.Fit($"? {label.Suggested}", TileSide)}")]));
        new Sheet { Margin = 4, Gap = 4, LeastWidth = TileSide, Background = 32, Ink = 255 }.WritePng(path, [.. rows]);
    }

    /// <summary>Draws an image; null where its file cannot be read any more.</summary>
    internal DecodedImage? Draw(DoubtfulLabel label) => (label.Path is { } path
        ? ImageFile.TryDecode(path, TileSide)
        : _pictures.GetValueOrDefault(label.Image))?.FitDisplay(TileSide);

    private static string Field(string text) => ForeignText.Quote(ForeignText.Guard(text));
}

/// <summary>How many images of one label are estimated to belong to another class.</summary>
/// <param name="Label">The class by the labels.</param>
/// <param name="Suggested">The other class.</param>
/// <param name="Images">The estimate.</param>
public sealed record LabelConfusion(string Label, string Suggested, double Images);

/// <summary>A label that is not what its image is predicted as.</summary>
public sealed record DoubtfulLabel
{
    /// <summary>The index of the image among those that were checked: of <see cref="ClassifierRun.CheckLabels"/> the training images or
    /// the readable photos of all splits, of <see cref="Classifier.CheckLabels"/> those that an evaluation takes.</summary>
    public required int Image { get; init; }

    /// <summary>Its file; null where the images are no files.</summary>
    public required string? Path { get; init; }

    /// <summary>The class that it has by its label.</summary>
    public required string Label { get; init; }

    /// <summary>The class that it is predicted as.</summary>
    public required string Suggested { get; init; }

    /// <summary>The predicted probability of the label, in [0, 1].</summary>
    public required double LabelProbability { get; init; }

    /// <summary>That of the suggested class, in [0, 1].</summary>
    public required double SuggestedProbability { get; init; }
}
