namespace PhotoMl.Tests.Export;

/// <summary>Model files of networks that were never trained.</summary>
internal static class SavedModels
{
    /// <summary>Four images with something in them.</summary>
    public static Tensor Images(ClassifierOptions network) => arange(4L * network.Channels * network.Height * network.Width).mul(37).remainder(251).to(ScalarType.Byte)
        .view(4, network.Channels, network.Height, network.Width);

    /// <summary>Saves a classifier.</summary>
    public static void Save(string path, ImageClassifier model, CalibrationInfo? calibration = null) => ClassifierFile.Save(path, model, new ClassifierInfo
    {
        Network = model.Options,
        ClassNames = [.. Enumerable.Range(0, model.Options.Classes).Select(index => $"class {index}")],
        Preprocessing = ImagePreprocessing.ForPhotos(model.Options.Channels, model.Options.Height) with { Width = model.Options.Width },
        Calibration = calibration,
    });
}
