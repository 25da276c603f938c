using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Kernels;
using PhotoMl.Models;

namespace PhotoMl.Cli.Commands;

/// <summary>The images that a classifier is judged by, with its own classes.</summary>
/// <param name="Images">The images; owned by this object.</param>
/// <param name="Split">What the data set has them for: test, validation or all.</param>
/// <param name="What">What they are called.</param>
/// <param name="Remark">What a user should know of the choice; null where there is nothing.</param>
internal sealed record EvaluationData(ImageDataset Images, string Split, string What, string? Remark = null) : IDisposable
{
    // Which images a limit takes is the same for every model, so that their results compare.
    private const long LimitSeed = 1;

    /// <summary>Loads a data set as a classifier takes it.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="name">The data set.</param>
    /// <param name="isItsOwn">Whether it is what a model was trained on, rather than one that the user names.</param>
    /// <param name="host">Where messages go.</param>
    /// <param name="quiet">Whether nothing is said but what went wrong.</param>
    /// <param name="cacheLimit">How much all cached photos may take, in bytes.</param>
    /// <param name="isKnown">Whether what must be said of the data set has been said.</param>
    public static LoadedDataset Load(LoadedClassifier classifier, string name, bool isItsOwn, CliHost host, bool quiet, long cacheLimit, bool isKnown = false)
    {
        // A known set, and what a model was trained on, may have been brought to its size; another set must have it.
        var network = classifier.Model.Options;
        var mayConvert = (isItsOwn || DatasetCatalog.Default.Find(name) is not null) && network.Height == network.Width;
        DatasetLoadOptions Choose(DatasetLoadOptions options) => options with
        {
            ImageSize = mayConvert ? network.Height : null,
            PhotoPreprocessing = classifier.Info.Preprocessing,
            CacheLimit = cacheLimit,
        };
        return DataSource.Load(name, DatasetSplits.Test, host, quiet, Choose, isKnown);
    }

    /// <summary>Chooses the test images; of photos without any, the validation photos, and where there are no splits, all of them.</summary>
    /// <exception cref="InputException">They do not fit the classifier.</exception>
    public static EvaluationData Choose(LoadedDataset data, LoadedClassifier classifier)
    {
        if (!data.IsPhotos || data.HasTest)
        {
            return new EvaluationData(Fit(data, data.Test, classifier), "test", data.IsPhotos ? "test photos" : "test images");
        }

        if (data.Validation is { } validation)
        {
            return new EvaluationData(
                Fit(data, validation, classifier), "validation", "validation photos", $"{data.Id}: has no test photos; judged by the validation photos, which flatters a model whose epoch they chose.");
        }

        return new EvaluationData(Fit(data, data.Train, classifier), "all", "photos");
    }

    /// <summary>Draws some of the images; the same for every model.</summary>
    /// <returns>Their indices; null where there is no limit.</returns>
    public long[]? Draw(int? limit) => limit is { } most ? PhotoMl.Data.Split.Subset(Images.Count, most, LimitSeed) : null;

    /// <inheritdoc/>
    public void Dispose() => Images.Dispose();

    private static ImageDataset Fit(LoadedDataset data, ImageDataset images, LoadedClassifier classifier)
    {
        var (network, classes) = (classifier.Model.Options, classifier.Info.ClassNames);
        if ((images.Channels, images.Height, images.Width) != (network.Channels, network.Height, network.Width))
        {
            throw new InputException(
                data.Id,
                $"images of {network.Channels}x{network.Height}x{network.Width} (channels, height, width) as the model takes",
                $"{images.Channels}x{images.Height}x{images.Width}");
        }

        if (data.IsPhotos)
        {
            return images.ClassNames.Except(classes).FirstOrDefault() is { } unknown
                ? throw new InputException(data.Id, $"classes that the model knows ({Text.Few(classes)})", unknown)
                : images.WithClasses(classes);
        }

        var isNamed = DatasetCatalog.Default.Find(data.Id) is not null;
        if (isNamed && images.ClassNames.ToHashSet().SetEquals(classes))
        {
            return images.WithClasses(classes);
        }

        return images.ClassNames.Count == classes.Count && !isNamed
            ? images.Select([.. Enumerable.Range(0, images.Count).Select(i => (long)i)])
            : throw new InputException(data.Id, $"the model's {classes.Count} classes ({Text.Few(classes)})", $"{images.ClassNames.Count} ({Text.Few(images.ClassNames)})");
    }
}
