using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl;

/// <content>What is tuned, and on which images.</content>
public sealed partial class ClassifierTuning
{
    private const double TestFraction = 0.2;
    private const int FewImages = 100;

    private static ClassifierTuning StartNew(
        Owned owned, TimeSpan budget, string data, string? folder, ClassifierRunOptions options, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        folder ??= RunData.NextFolder(Command, data);
        options = options with { Loading = DatasetLoader.WithPhotos(data, options.Loading) };
        OutputException.ThrowIfInput(folder, DatasetLoader.InputsOf(data, options.Loading));
        var divided = options.Loading.Photos is { } photos && photos.Photos.All(photo => photo.Split != DatasetSplits.Test)
            ? SetTestAside(data, photos, folder, options, cancellationToken) : null;
        options = options with { Loading = options.Loading with { Photos = divided ?? options.Loading.Photos } };
        var before = clock.Elapsed; // which the final runs do not take
        var (images, settings) = ClassifierRun.PrepareRun(owned, data, folder, options, cancellationToken);
        if (images.Test is null)
        {
            throw new InvalidDatasetException(data, "test images that can be read", "none");
        }

        if (settings.Training.Patience > 0)
        {
            throw new ArgumentException("Patience: expected 0, for all trials are trained for as many epochs", nameof(options));
        }

        var bases = FindBases(images, settings, options);
        var tuned = SearchSpace.FindOpen(bases, (network, change) => ClassifierRun.TrainingFor(
            images, network, options with { Training = defaults => options.Training(change(defaults)) }));
        if (tuned.Length == 0)
        {
            throw new ArgumentException("Budget: expected options that are not given, to tune them, but got all", nameof(options));
        }

        ClassifierRun.CreateModel(images, settings, options).Dispose(); // the weights may not fit
        var run = owned.Add(RunFolder.Create(folder));
        if (divided is not null)
        {
            settings = settings with { Data = Path.Combine(Path.GetFullPath(folder), RunFolder.PhotosName) };
            divided.WriteCsv(settings.Data);
        }

        var choosing = images.Validation?.Count ?? (int)(settings.Training.ValidationFraction * images.Train.Count);
        if (choosing < FewImages)
        {
            var few = $"Only {PhotoMlException.Count(choosing, "validation image")} to choose by:";
            options.Messages?.Report(new StatusMessage($"{few} among trials that differ little, chance does.", IsWarning: true));
        }

        images.Describe(run);
        var own = new ClassifierTuningSettings
        {
            Run = settings,
            Budget = budget.TotalSeconds,
            Preparation = (clock.Elapsed - before).TotalSeconds,
            Bases = bases,
            Tuned = tuned,
            Fingerprints = [.. images.Fingerprints(cancellationToken)],
        };
        run.WriteOptions(own);
        var state = new TuningState { Seconds = clock.Elapsed.TotalSeconds };
        var tuning = new ClassifierTuning(owned, run, own, options, images, state);
        tuning.Save();
        return tuning;
    }

    // What compares two models must not have chosen one of them: validation photos, or a share held out as runs hold them out.
    private static PhotoList SetTestAside(
        string data, PhotoList list, string folder, ClassifierRunOptions options, CancellationToken cancellationToken)
    {
        using var owned = new Owned();
        var isDivided = list.Photos.Any(photo => photo.Split == DatasetSplits.Validation);
        var (images, _) = ClassifierRun.PrepareRun(owned, data, folder, options with
        {
            Training = defaults => options.Training(defaults) with { ValidationFraction = TestFraction },
            Limit = null,
            Split = isDivided ? null : options.Split,
            Unlabeled = null,
            LabelsPerClass = null,
            Messages = null,
        }, cancellationToken);
        var test = images.Validation!.Paths!.ToHashSet();
        var photos = PhotoMlException.Count(test.Count, isDivided ? "validation photo" : "photo");
        var text = $"No test photos: {photos} set aside to compare the winner with the default on ({RunFolder.PhotosName}).";
        options.Messages?.Report(new StatusMessage(text, IsWarning: false));
        return list with
        {
            Division = "divided to tune",
            Photos =
            [
                .. list.Photos.Select(photo =>
                    photo with { Split = test.Contains(photo.Path) ? DatasetSplits.Test : DatasetSplits.Train }),
            ],
        };
    }

    // All are trained for as many epochs as the default.
    private static Dictionary<ClassifierArchitecture, ClassifierTrainingOptions> FindBases(
        RunData images, ClassifierRunSettings settings, ClassifierRunOptions options)
    {
        var isFixed = options.Network is not null || options.Weights is not null || settings.Training.Freeze is not null;
        var bases = new Dictionary<ClassifierArchitecture, ClassifierTrainingOptions> { [settings.Network] = settings.Training };
        var shorter = Math.Min(images.Train.Height, images.Train.Width);
        foreach (var network in Enum.GetValues<ClassifierArchitecture>().Where(other => !isFixed && other != settings.Network))
        {
            var training = ClassifierRun.TrainingFor(images, network, options with
            {
                Training = defaults => options.Training(defaults with { Epochs = settings.Training.Epochs }),
            }) with { Seed = settings.Training.Seed };
            var sizes = (training.PhotoAugmentation?.TrainImageSize, training.PhotoAugmentation?.FirstImageSize);
            if (shorter >= ClassifierOptions.SmallestImageOf(network)
                && (network == ClassifierArchitecture.ResNet18 || sizes == (null, null)))
            {
                bases[network] = training;
            }
        }

        return bases;
    }
}
