namespace PhotoMl.Models;

/// <summary>A classifier read from a file, with what the file stores beside its weights.</summary>
internal sealed class LoadedClassifier(ImageClassifier model, ClassifierInfo info, ConformalReference? conformal = null) : IDisposable
{
    /// <summary>The network, in evaluation mode; owned by this object.</summary>
    public ImageClassifier Model { get; } = model;

    public ClassifierInfo Info { get; } = info;

    /// <summary>What new images are compared with to find the classes they may be of; null where the file has nothing of it. Owned by this object.</summary>
    public ConformalReference? Conformal { get; } = conformal;

    public void Dispose()
    {
        Conformal?.Dispose();
        Model.Dispose();
    }
}
