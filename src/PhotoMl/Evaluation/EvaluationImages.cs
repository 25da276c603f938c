using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>The images that a classifier is evaluated on, with its own classes.</summary>
internal sealed record EvaluationImages(ImageDataset Images, string Split, string What, string? Remark = null) : IDisposable
{
    // Which images a limit takes is the same for every model, so that their results compare.
    private const long LimitSeed = 1;

    public static LoadedDataset Load(LoadedClassifier classifier, string data, bool isItsOwn, DatasetLoadOptions loading, CancellationToken cancellationToken)
    {
        // A known set, and what a model was trained on, may have been brought to its size; another set must have it.
        var network = classifier.Model.Options;
        var mayConvert = (isItsOwn || loading.Catalog.Find(data) is not null) && network.Height == network.Width;
        return DatasetLoader.Load(
            data,
            loading with { Splits = DatasetSplits.Test, ImageSize = mayConvert ? network.Height : null, PhotoPreprocessing = classifier.Info.Preprocessing },
            cancellationToken);
    }

    /// <summary>Chooses the test images; of photos without any, the validation photos, and where there are no splits, all of them.</summary>
    public static EvaluationImages Choose(LoadedDataset data, LoadedClassifier classifier)
    {
        if (!data.IsPhotos || data.HasTest)
        {
            return new EvaluationImages(Fit(data, data.Test, classifier), "test", data.IsPhotos ? "test photos" : "test images");
        }

        return data.Validation is { } validation
            ? new EvaluationImages(
                Fit(data, validation, classifier),
                "validation",
                "validation photos",
                $"{data.Id}: has no test photos; evaluated on the validation photos, which flatters a model whose epoch they chose.")
            : new EvaluationImages(Fit(data, data.Train, classifier), "all", "photos");
    }

    public long[]? Draw(int? limit) => limit is { } most ? PhotoMl.Data.Split.Subset(Images.Count, most, LimitSeed) : null;

    public void Dispose() => Images.Dispose();

    private static ImageDataset Fit(LoadedDataset data, ImageDataset images, LoadedClassifier classifier)
    {
        var (network, classes) = (classifier.Model.Options, classifier.Info.ClassNames);
        if ((images.Channels, images.Height, images.Width) != (network.Channels, network.Height, network.Width))
        {
            throw new InvalidDatasetException(
                data.Id,
                $"images of {network.Channels}x{network.Height}x{network.Width} (channels, height, width) as the model takes",
                $"{images.Channels}x{images.Height}x{images.Width}");
        }

        if (data.IsPhotos)
        {
            return images.ClassNames.Except(classes).FirstOrDefault() is { } unknown
                ? throw new InvalidDatasetException(data.Id, $"classes that the model knows ({ClassNameList.Few(classes)})", unknown)
                : images.WithClasses(classes);
        }

        if (data.IsKnown && images.ClassNames.ToHashSet().SetEquals(classes))
        {
            return images.WithClasses(classes);
        }

        return images.ClassNames.Count == classes.Count && !data.IsKnown
            ? images.Select([.. Enumerable.Range(0, images.Count).Select(i => (long)i)])
            : throw new InvalidDatasetException(
                data.Id, $"the model's {classes.Count} classes ({ClassNameList.Few(classes)})", $"{images.ClassNames.Count} ({ClassNameList.Few(images.ClassNames)})");
    }
}
