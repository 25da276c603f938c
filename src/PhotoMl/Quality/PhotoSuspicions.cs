namespace PhotoMl.Quality;

/// <summary>Looks for photos that stand out by themselves.</summary>
internal static class PhotoSuspicions
{
    private const int FewestToCompare = 20;
    private const double MadToDeviation = 1.4826; // of a normal distribution

    /// <summary>Finds them, fault by fault.</summary>
    public static IReadOnlyList<PhotoSuspicion> Find(IReadOnlyList<PhotoFacts> photos, PhotoCheckOptions options)
    {
        var blurLimit = BlurLimit(photos, options.BlurDeviations);
        return [.. photos.Index().SelectMany(entry => Judge(entry.Index, entry.Item, blurLimit, options)).OrderBy(suspicion => suspicion.Fault)];
    }

    private static IEnumerable<PhotoSuspicion> Judge(int index, PhotoFacts photo, double blurLimit, PhotoCheckOptions options)
    {
        if (photo.HasWrongExtension)
        {
            yield return new(index, PhotoFault.WrongExtension, $"a {photo.Format} file");
        }

        if (photo.Problem is { } problem)
        {
            yield return new(index, PhotoFault.Unreadable, problem);
            yield break;
        }

        if (Math.Min(photo.Width, photo.Height) < options.MinimumSide)
        {
            yield return new(index, PhotoFault.Tiny, $"{photo.Width} x {photo.Height} pixels");
        }

        if (photo.Spread < PhotoExaminer.FlatSpread)
        {
            yield return new(index, PhotoFault.OneShade, $"brightness {photo.Brightness:P0}");
        }
        else if (photo.BlackShare >= options.BlackShare)
        {
            yield return new(index, PhotoFault.NearlyBlack, $"{photo.BlackShare:P1} of it");
        }
        else if (photo.WhiteShare >= options.WhiteShare)
        {
            yield return new(index, PhotoFault.NearlyWhite, $"{photo.WhiteShare:P1} of it");
        }
        else if (photo.Sharpness < blurLimit)
        {
            yield return new(index, PhotoFault.Blurred, $"sharpness {photo.Sharpness:F0} where nearly all have above {blurLimit:F0}");
        }
    }

    /// <summary>The sharpness below which a photo stands out; 0 where there are too few to tell what is usual.</summary>
    private static double BlurLimit(IReadOnlyList<PhotoFacts> photos, double deviations)
    {
        var logarithms = photos.Where(photo => photo.Hash is not null).Select(photo => Math.Log(1 + photo.Sharpness)).ToArray();
        if (logarithms.Length < FewestToCompare)
        {
            return 0;
        }

        var median = Median(logarithms);
        var deviation = MadToDeviation * Median(Array.ConvertAll(logarithms, value => Math.Abs(value - median)));
        return Math.Exp(median - (deviations * deviation)) - 1;
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
