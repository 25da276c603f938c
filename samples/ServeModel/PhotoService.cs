using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Explanation;
using PhotoMl.Imaging;
using PhotoMl.Models;

namespace ServeModel;

/// <summary>A classifier that any number of requests may ask at once.</summary>
internal sealed class PhotoService : IDisposable
{
    private const int OverlaySide = 640;

    private readonly LoadedClassifier _classifier;
    private readonly ConformalSets? _sets;

    // An explanation changes the network while it looks at it, so it has one of its own, and explanations wait for each other.
    private readonly LoadedClassifier _explained;
    private readonly SemaphoreSlim _turn = new(1);

    public PhotoService(string modelPath)
    {
        _classifier = ClassifierFile.Load(modelPath);
        _explained = ClassifierFile.Load(modelPath);
        _sets = _classifier.Conformal is null ? null : ConformalSets.Of(_classifier, coverage: 0.95);
    }

    public IReadOnlyList<string> ClassNames => _classifier.Info.ClassNames;

    /// <summary>Tells what a photo shows.</summary>
    /// <exception cref="InvalidDataException">It is no image, or damaged.</exception>
    public Answer Predict(string path)
    {
        var watch = Stopwatch.StartNew();
        var prediction = ClassifierPredictor.Predict(_classifier, [new ImageFileEntry(path)], sets: _sets).Single();
        return prediction.Problem is { } problem
            ? throw new InvalidDataException(problem)
            : new Answer(prediction.Ranking, prediction.Set, prediction.IsUnsure, watch.Elapsed.TotalMilliseconds);
    }

    /// <summary>Draws what speaks for the most probable class over the photo.</summary>
    /// <returns>The content of a PNG file, and whether the map is better than random ones.</returns>
    public async Task<(byte[] Png, bool IsBelievable)> ExplainAsync(string path, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var photo = PhotoExplainer.Explain(_explained, path, cancellationToken: cancellation);
            var overlay = new HeatPainter(photo).EncodeOverlayPng(ImageFile.Decode(path, OverlaySide, OverlaySide), OverlaySide);
            return (overlay, photo.Explanation.Faithfulness is { IsDeletionBetter: true, IsInsertionBetter: true });
        }
        catch (UnreadableImageException exception)
        {
            throw new InvalidDataException(exception.Reason);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _classifier.Dispose();
        _explained.Dispose();
        _turn.Dispose();
    }
}

/// <summary>What a photo shows.</summary>
/// <param name="Classes">All classes, the most probable first.</param>
/// <param name="Possible">The classes that hold the true one in 95 of 100 photos; null where the model file has nothing of it.</param>
/// <param name="IsUnsure">Whether the network had rather give no answer.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record Answer(IReadOnlyList<ClassProbability> Classes, IReadOnlyList<string>? Possible, bool IsUnsure, double Milliseconds);
