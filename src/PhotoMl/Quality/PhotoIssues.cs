namespace PhotoMl.Quality;

/// <summary>Looks for photos that stand out by themselves.</summary>
internal static class PhotoIssues
{
    private const int MinimumSide = 64; // the side that networks for photos take at least
    private const double ShareOfOneTone = 0.95;

    // How many robust standard deviations of its logarithm below the median of the collection the sharpness of a blurred photo is. 3.5 is
    // the limit of B. Iglewicz, D. Hoaglin, "How to Detect and Handle Outliers", 1993; that deviation is 1.4826 times the median absolute.
    private const double BlurDeviations = 3.5;
    private const double MadToDeviation = 1.4826;
    private const int FewestToCompare = 20;

    public static IReadOnlyList<(int Photo, QualityIssue Issue, string Detail)> Find(IReadOnlyList<PhotoInfo> photos)
    {
        var blurLimit = BlurLimit(photos);
        var found = photos.Index().SelectMany(entry => Find(entry.Item, blurLimit).Select(one => (entry.Index, one.Issue, one.Detail)));
        return [.. found.OrderBy(one => one.Issue)];
    }

    private static IEnumerable<(QualityIssue Issue, string Detail)> Find(PhotoInfo photo, double blurLimit)
    {
        if (photo.HasWrongExtension)
        {
            yield return (QualityIssue.WrongExtension, $"a {photo.Format} file");
        }

        if (photo.Problem is { } problem)
        {
            yield return (QualityIssue.Unreadable, problem);
            yield break;
        }

        if (Math.Min(photo.Width, photo.Height) < MinimumSide)
        {
            yield return (QualityIssue.Tiny, $"{photo.Width} x {photo.Height} pixels");
        }

        if (photo.Contrast < PhotoExaminer.FlatContrast)
        {
            yield return (QualityIssue.OneShade, $"brightness {photo.Brightness:P0}");
        }
        else if (photo.BlackShare >= ShareOfOneTone)
        {
            yield return (QualityIssue.NearlyBlack, $"{photo.BlackShare:P1} of it");
        }
        else if (photo.WhiteShare >= ShareOfOneTone)
        {
            yield return (QualityIssue.NearlyWhite, $"{photo.WhiteShare:P1} of it");
        }
        else if (photo.Sharpness < blurLimit)
        {
            yield return (QualityIssue.Blurred, $"sharpness {photo.Sharpness:F1} where nearly all have above {blurLimit:F1}");
        }
    }

    /// <summary>The sharpness below which a photo stands out; 0 where there are too few to tell what is usual.</summary>
    private static double BlurLimit(IReadOnlyList<PhotoInfo> photos)
    {
        var logarithms = photos.Where(photo => photo.Hash is not null).Select(photo => Math.Log(1 + photo.Sharpness)).ToArray();
        if (logarithms.Length < FewestToCompare)
        {
            return 0;
        }

        var median = Median(logarithms);
        var deviation = MadToDeviation * Median(Array.ConvertAll(logarithms, value => Math.Abs(value - median)));
        return deviation == 0 ? 0 : Math.Exp(median - (BlurDeviations * deviation)) - 1;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
