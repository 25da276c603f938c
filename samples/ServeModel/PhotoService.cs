using System.Diagnostics;
using PhotoMl;
using PhotoMl.Evaluation;
using PhotoMl.Imaging;

namespace ServeModel;

/// <summary>A classifier that any number of requests may ask at once.</summary>
internal sealed class PhotoService(string modelPath) : IDisposable
{
    private readonly Classifier _classifier = Classifier.Load(modelPath);

    public IReadOnlyList<string> ClassNames => _classifier.Info.ClassNames;

    /// <summary>Predicts a photo.</summary>
    /// <exception cref="InvalidDataException">It is no image, or damaged.</exception>
    public Answer Predict(byte[] photo) => Try(() =>
    {
        var watch = Stopwatch.StartNew();
        var prediction = _classifier.Predict(photo, new PredictionOptions { Coverage = _classifier.HasCoverage ? 0.95 : null });
        return new Answer(prediction.Ranking, prediction.Set, prediction.IsUnsure, watch.Elapsed.TotalMilliseconds);
    });

    /// <summary>Draws what speaks for the most probable class over the photo.</summary>
    /// <returns>The content of a PNG file, and whether the map is better than random ones.</returns>
    /// <exception cref="InvalidDataException">It is no image, or damaged.</exception>
    public (byte[] Png, bool IsBetterThanRandom) Explain(byte[] photo, CancellationToken cancellationToken) => Try(() =>
    {
        var explained = _classifier.Explain(photo, cancellationToken: cancellationToken);
        return (explained.EncodeOverlayPng(), explained.IsBetterThanRandom);
    });

    public void Dispose() => _classifier.Dispose();

    private static T Try<T>(Func<T> answer)
    {
        try
        {
            return answer();
        }
        catch (UnreadableImageException exception)
        {
            throw new InvalidDataException(exception.Reason);
        }
    }
}

/// <summary>What a photo shows.</summary>
/// <param name="Classes">All classes, the most probable first.</param>
/// <param name="Possible">The classes that hold the true one in 95 of 100 photos; null where the model file has nothing of it.</param>
/// <param name="IsUnsure">Whether the network had rather give no answer.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record Answer(IReadOnlyList<ClassProbability> Classes, IReadOnlyList<string>? Possible, bool IsUnsure, double Milliseconds);
