using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Evaluation;

/// <summary>The images of a data set that a classifier is evaluated on, with its own classes; where they are some of a split, with their
/// indices within it.</summary>
internal sealed record EvaluationImages(
    LoadedDataset Source, ImageDataset Images, long[]? Indices, string Split, string What, string? Remark = null) : IDisposable
{
    /// <summary>The name of the split of photos that nothing divides.</summary>
    public const string All = "all";

    // Which images a limit takes is the same for every model, so that their results compare.
    private const long LimitSeed = 1;

    public static LoadedDataset Load(
        LoadedClassifier classifier, string data, bool isItsOwn, DatasetLoadOptions loading, CancellationToken cancellationToken,
        DatasetSplits splits = DatasetSplits.Test)
    {
        // A known set, and what a model was trained on, may have been brought to its size; another set must have it.
        var network = classifier.Model.Options;
        var mayConvert = (isItsOwn || loading.Catalog.Find(data) is not null) && network.Height == network.Width;
        loading = loading with
        {
            Splits = splits,
            ImageSize = mayConvert ? network.Height : null,
            PhotoPreprocessing = classifier.Info.Preprocessing,
        };
        return DatasetLoader.Load(data, loading, cancellationToken);
    }

    /// <summary>Chooses the test images; of photos without any, the validation photos: those of the data, or those that the training of
    /// each model held out. Where there are neither, all photos.</summary>
    public static EvaluationImages Choose(
        LoadedDataset data, LoadedClassifier classifier, IEnumerable<IReadOnlySet<string>> heldOut, int? limit)
    {
        if (!data.IsPhotos || data.HasTest)
        {
            return Draw(data.Test, "test", data.IsPhotos ? "test photos" : "test images");
        }

        // A model that was trained on other photos held out none of these.
        (int Index, string Path)[] photos = [.. (data.Train.Paths ?? []).Select(Path.GetFullPath).Index()];
        var lists = data.Validation is null ? heldOut.Where(list => photos.Any(photo => list.Contains(photo.Path))).ToList() : [];
        long[] indices = [.. photos.Where(photo => lists.TrueForAll(list => list.Contains(photo.Path))).Select(photo => (long)photo.Index)];
        if (indices.Length == 0 && lists.Count > 1)
        {
            throw new InvalidDatasetException(data.Id, "photos that the training of both models held out", "none");
        }

        using var found = lists.Count > 0 ? data.Train.Select(indices) : null;
        return (data.Validation ?? found) is not { } validation
            ? Draw(data.Train, All, "photos")
            : Draw(
                validation,
                "validation",
                "validation photos",
                $"{data.Id}: has no test photos; evaluated on the validation photos, which flatters a model whose epoch they chose.");

        EvaluationImages Draw(ImageDataset images, string split, string what, string? remark = null)
        {
            var drawn = limit is { } most ? PhotoMl.Data.Split.Subset(images.Count, most, LimitSeed) : null;
            using var some = drawn is null ? null : images.Select(drawn);
            return new EvaluationImages(data, Fit(data, some ?? images, classifier), drawn, split, what, remark);
        }
    }

    public void Dispose() => Images.Dispose();

    private static ImageDataset Fit(LoadedDataset data, ImageDataset images, LoadedClassifier classifier)
    {
        var (network, classes, found) = (classifier.Model.Options, classifier.Info.ClassNames, images.ClassNames);
        if ((images.Channels, images.Height, images.Width) != (network.Channels, network.Height, network.Width))
        {
            throw new InvalidDatasetException(
                data.Id,
                $"images of {network.Channels}x{network.Height}x{network.Width} (channels, height, width) as the model takes",
                $"{images.Channels}x{images.Height}x{images.Width}");
        }

        if (data.IsPhotos && found.Except(classes).FirstOrDefault() is { } unknown)
        {
            throw new InvalidDatasetException(data.Id, $"classes that the model knows ({ClassNameList.Few(classes)})", unknown);
        }

        // A folder of IDX files has numbers for labels, which mean the model's classes by their order.
        if (!data.IsPhotos && !(data.IsKnown ? found.ToHashSet().SetEquals(classes) : found.Count == classes.Count))
        {
            throw new InvalidDatasetException(
                data.Id,
                $"the model's {classes.Count} classes ({ClassNameList.Few(classes)})",
                $"{found.Count} ({ClassNameList.Few(found)})");
        }

        return images.WithClasses(data.IsPhotos || data.IsKnown ? classes : found);
    }
}
