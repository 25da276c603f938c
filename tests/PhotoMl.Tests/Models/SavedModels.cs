namespace PhotoMl.Tests.Models;

/// <summary>Files of classifiers that were never trained.</summary>
internal static class SavedModels
{
    public static void Save(string path, ImageClassifier model, CalibrationInfo? calibration = null, IReadOnlyList<string>? names = null) =>
        ClassifierFile.Save(path, model, Info(model.Options, names) with { Calibration = calibration });

    public static ClassifierInfo Info(ClassifierOptions network, IReadOnlyList<string>? names = null) => new()
    {
        Network = network,
        ClassNames = names ?? [.. Enumerable.Range(0, network.Classes).Select(index => $"class {index}")],
        Preprocessing = ImagePreprocessing.ForPhotos(network.Channels, network.Height) with { Width = network.Width },
    };
}
