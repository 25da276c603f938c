using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Explanation;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>A trained classifier: predicts, explains, is evaluated and exported. Any number of threads may use it at once.</summary>
/// <example><code>
/// using var classifier = Classifier.Load("runs/photos");
/// Console.WriteLine(classifier.Predict("photo.jpg").Ranking[0].Label);
/// </code></example>
public sealed partial class Classifier : IDisposable
{
    // What an image in memory is called.
    private const string Unnamed = "image";

    private readonly LoadedClassifier _loaded;
    private ConformalSets? _sets; // those of the last coverage; a reference, which threads exchange whole

    private Classifier(string path, LoadedClassifier loaded) => (ModelPath, _loaded) = (path, loaded);

    /// <summary>The model file.</summary>
    public string ModelPath { get; }

    /// <summary>What the model file says of the classifier.</summary>
    public ClassifierInfo Info => _loaded.Info;

    /// <summary>The network, in evaluation mode and without gradients of its weights; it must stay so while other threads use this
    /// object.</summary>
    public ImageClassifier Model => _loaded.Model;

    /// <summary>Whether the model was calibrated, so that predictions can have sets of possible classes of a coverage.</summary>
    public bool HasCoverage => _loaded.Conformal is not null;

    /// <summary>Loads a model.</summary>
    /// <param name="path">A model file or the folder of a run.</param>
    /// <param name="precision">The dtype of the convolutions in predictions and evaluations. Default: bfloat16 where the processor
    /// multiplies it.</param>
    /// <param name="testTimeAugmentation">Whether predictions and evaluations average the logits of each image and of its mirror image, for
    /// classifiers trained with flips; it takes twice the time. The temperature stays that of single images, and sets of possible classes
    /// are refused, for they were calibrated on these. Default not.</param>
    /// <returns>The classifier, to be disposed by the caller.</returns>
    /// <exception cref="InvalidModelException">The file is missing, damaged or no classifier, or one trained without flips.</exception>
    public static Classifier Load(string path, Precision precision = Precision.Auto, bool testTimeAugmentation = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = RunFolder.ModelPathOf(path);
        var loaded = ClassifierFile.Load(file);
        if (testTimeAugmentation && loaded.Info.Training is { HasFlips: false })
        {
            loaded.Dispose();
            throw new InvalidModelException(file, "a model trained with flips, for test-time augmentation", "one without");
        }

        loaded.Model.Precision = precision;
        foreach (var parameter in loaded.Model.parameters())
        {
            parameter.requires_grad = false;
        }

        return new Classifier(file, loaded with { AveragesFlips = testTimeAugmentation });
    }

    /// <summary>Predicts an image file.</summary>
    /// <param name="path">The file; it is opened for reading only.</param>
    /// <param name="options">How.</param>
    /// <returns>The classes by their probability, and the set of possible classes where a coverage was asked for.</returns>
    /// <exception cref="UnreadableImageException">The file is missing, empty, damaged, cut off, too large or no image.</exception>
    /// <exception cref="InvalidModelException">The model cannot give sets of that coverage.</exception>
    public ImagePrediction Predict(string path, PredictionOptions? options = null) => Predict(ImageFile.Decode, path, options);

    /// <summary>Predicts an image from a stream, such as an upload.</summary>
    /// <inheritdoc cref="Predict(string, PredictionOptions?)"/>
    /// <param name="image">The content of an image file, which is read to its end.</param>
    /// <param name="options">How.</param>
    public ImagePrediction Predict(Stream image, PredictionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var copy = new MemoryStream();
        image.CopyTo(copy);
        return Predict(copy.ToArray(), options);
    }

    /// <summary>Predicts an image from memory.</summary>
    /// <inheritdoc cref="Predict(string, PredictionOptions?)"/>
    /// <param name="image">The content of an image file.</param>
    /// <param name="options">How.</param>
    public ImagePrediction Predict(byte[] image, PredictionOptions? options = null) =>
        Predict((name, width, height) => ImageFile.Decode(image, name, width, height), Unnamed, options);

    /// <summary>Predicts an image that is decoded already.</summary>
    /// <inheritdoc cref="Predict(string, PredictionOptions?)" path="/returns"/>
    /// <param name="rgb">The pixels, (height, width, 3), sRGB, 0 to 255.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">The number of bytes does not fit the size.</exception>
    /// <exception cref="InvalidModelException">The model cannot give sets of that coverage.</exception>
    public ImagePrediction Predict(byte[] rgb, int width, int height, PredictionOptions? options = null)
    {
        var isValid = width > 0 && height > 0 && rgb.Length == 3L * width * height;
        var image = isValid ? new DecodedImage(width, height, rgb) : throw new ArgumentException(
            $"Expected {3L * width * height} bytes for {width} x {height} pixels but got {rgb.Length}.", nameof(rgb));
        return Predict((_, _, _) => image, Unnamed, options);
    }

    /// <summary>Predicts files and all images of folders, batch by batch as they are asked for; one that cannot be read is a prediction
    /// with its problem.</summary>
    /// <param name="paths">Files, and folders that are searched with their subfolders.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>A prediction of each file: those of a path in ordinal order, the paths in their order.</returns>
    /// <exception cref="InvalidModelException">The model cannot give sets of that coverage.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<ImagePrediction> PredictMany(
        IEnumerable<string> paths, PredictionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new PredictionOptions();
        SetsFor(options.Coverage); // refused at once, not with the first file
        var files = DatasetLoader.FindImages(paths);
        return files.Chunk(options.BatchSize).SelectMany(batch => PredictFiles(batch, options, cancellationToken));
    }

    /// <summary>Predicts some files as one batch, such as a part of what <see cref="DatasetLoader.FindImages"/> found.</summary>
    /// <param name="files">The files; one that has a problem already keeps it.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>A prediction of each file, in their order.</returns>
    /// <exception cref="InvalidModelException">The model cannot give sets of that coverage.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<ImagePrediction> PredictFiles(
        IReadOnlyList<ImageFileEntry> files, PredictionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        options ??= new PredictionOptions();
        return ClassifierPredictor.Predict(_loaded, files, options.Foreground, SetsFor(options.Coverage), cancellationToken);
    }

    /// <summary>Explains what the prediction of an image file rests on.</summary>
    /// <param name="path">The file; it is opened for reading only.</param>
    /// <param name="label">The name of the class to explain, or its number from 0. Default null: the most probable class.</param>
    /// <param name="options">How.</param>
    /// <param name="foreground">What is known of light and dark in the image.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>The explanation; <see cref="ImageExplanation.EncodeOverlayPng"/> draws it.</returns>
    /// <exception cref="UnreadableImageException">The file is missing, empty, damaged, cut off, too large or no image.</exception>
    /// <exception cref="ArgumentException">There is no such class or layer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ImageExplanation Explain(
        string path, string? label = null, ExplanationOptions? options = null, ForegroundChoice foreground = ForegroundChoice.Auto,
        CancellationToken cancellationToken = default) =>
        Explain(ImageFile.ReadContent(path), path, FindClass(label), options, foreground, cancellationToken);

    /// <summary>Explains what the prediction of an image in memory rests on.</summary>
    /// <inheritdoc cref="Explain(string, string?, ExplanationOptions?, ForegroundChoice, CancellationToken)"/>
    /// <param name="image">The content of an image file.</param>
    /// <param name="label">The name of the class to explain, or its number from 0. Default null: the most probable class.</param>
    /// <param name="options">How.</param>
    /// <param name="foreground">What is known of light and dark in the image.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public ImageExplanation Explain(
        byte[] image, string? label = null, ExplanationOptions? options = null, ForegroundChoice foreground = ForegroundChoice.Auto,
        CancellationToken cancellationToken = default) =>
        Explain(image, Unnamed, FindClass(label), options, foreground, cancellationToken);

    /// <summary>Explains files and all images of folders, and draws them into one picture: of each the image, the map, and the map over the
    /// image.</summary>
    /// <param name="paths">Files, and folders that are searched with their subfolders.</param>
    /// <param name="sheet">The PNG file; it is replaced where it exists, and not written where no image can be read.</param>
    /// <param name="side">The longer side that images are drawn at, 64 to 1024 pixels; the larger, the fewer fit, 64 at most. Default
    /// 320.</param>
    /// <param name="label">The name of the class to explain, or its number from 0. Default null: the most probable class of each.</param>
    /// <param name="options">How.</param>
    /// <param name="foreground">What is known of light and dark in the images.</param>
    /// <param name="progress">Is given the number of images done.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>Each file with its explanation, or the problem that it cannot be read for.</returns>
    /// <exception cref="ArgumentException">There is no such class or layer, or there are too many images.</exception>
    /// <exception cref="OutputException">The sheet cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<(string Path, ImageExplanation? Explanation, string? Problem)> ExplainMany(
        IReadOnlyList<string> paths, string sheet, int side = 320, string? label = null, ExplanationOptions? options = null,
        ForegroundChoice foreground = ForegroundChoice.Auto, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var (index, files, drawn) = (FindClass(label), DatasetLoader.FindImages(paths), new ExplanationSheet(side));
        if (ExplanationSheet.MostPhotosAt(side) is var most && files.Count > most)
        {
            throw new ArgumentException(
                $"Size: expected at most {most} images for a picture of {side} pixels a side, but got {files.Count:N0}");
        }

        OutputException.ThrowIfInput(sheet, [ModelPath, .. DatasetLoader.InputsOf(paths, files.Select(file => file.Path))]);
        OutputException.ThrowIfNotWritable(sheet);
        var results = new List<(string, ImageExplanation?, string?)>();
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (explanation, problem) = ((ImageExplanation?)null, file.Problem);
            try
            {
                if (problem is null)
                {
                    explanation = Explain(ImageFile.ReadContent(file.Path), file.Path, index, options, foreground, cancellationToken);
                    drawn.Add(explanation);
                }
            }
            catch (UnreadableImageException exception)
            {
                problem = exception.Reason;
            }

            results.Add((file.Path, problem is null ? explanation : null, problem));
            progress?.Report(new WorkProgress { Activity = "explaining images", Done = results.Count, Total = files.Count });
        }

        if (!drawn.IsEmpty)
        {
            AtomicFile.Write(sheet, drawn.EncodePng());
        }

        return results;
    }

    /// <inheritdoc/>
    public void Dispose() => _loaded.Dispose();

    internal ConformalSets? SetsFor(double? coverage)
    {
        if (coverage is not { } target)
        {
            return null;
        }

        if (_loaded.AveragesFlips)
        {
            throw new ArgumentException("Coverage: expected none with test-time augmentation, which the model was not calibrated with");
        }

        if (_loaded.Conformal is not { } reference)
        {
            const string Found = "one without; training makes such a model, also by resuming its run";
            throw new InvalidModelException(ModelPath, "a model calibrated at the end of its training, for a coverage", Found);
        }

        if (ConformalRanks.FewestImages(target) is var fewest && reference.Images < fewest)
        {
            var expected = $"a model calibrated on at least {fewest:N0} validation images for a coverage of {target}";
            throw new InvalidModelException(ModelPath, expected, $"{reference.Images:N0}");
        }

        return _sets = _sets is { } known && known.Coverage == target ? known : new ConformalSets(reference, target);
    }

    private ImagePrediction Predict(Func<string, int, int, DecodedImage> decode, string name, PredictionOptions? options)
    {
        options ??= new PredictionOptions();
        var input = ImagePreprocessor.Prepare(decode, name, Info.Preprocessing, options.Foreground).Bytes;
        return ClassifierPredictor.Predict(_loaded, [input], [name], SetsFor(options.Coverage))[0];
    }

    private ImageExplanation Explain(
        byte[] content, string name, int? label, ExplanationOptions? options, ForegroundChoice foreground,
        CancellationToken cancellationToken)
    {
        var preprocessing = Info.Preprocessing;
        var prepared = ImagePreprocessor.Prepare(
            (path, width, height) => ImageFile.Decode(content, path, width, height), name, preprocessing, foreground);
        using var scope = NewDisposeScope();
        var pixels = tensor(prepared.Bytes, [preprocessing.Channels, preprocessing.Height, preprocessing.Width], ScalarType.Byte);
        var input = PixelBatch.ToNetworkInput(pixels);
        return Explainer.Explain(Model, input, label, options, Info.Temperature, cancellationToken) with
        {
            Path = name,
            ClassNames = Info.ClassNames,
            Placement = prepared.Placement,
            Content = content,
        };
    }

    private int? FindClass(string? name) => name is null
        ? null
        : Info.FindClass(name)
            ?? throw new ArgumentException($"Class: expected one of {ClassNameList.Few(Info.ClassNames, 20)}, but got '{name}'");
}
