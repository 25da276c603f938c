using PhotoMl.Data;
using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>What is tuned, within which limits, and how a trial is drawn.</summary>
/// <remarks>Half of the settings of a trial, drawn by lot, keep the values of the default recipe: it is good already, and what differs from
/// it everywhere is rarely better. Limits are not multiples of the default, but for the learning rate and sizes, so that one of 0 is tuned
/// too.</remarks>
internal sealed class SearchSpace
{
    private const string NetworkName = "network";
    private const double ShareChanged = 0.5;
    private const double ShareOfOtherNetworks = 0.25;
    private const int LargestSize = 4096;

    private static readonly TunedSetting[] All =
    [
        new("learning-rate", o => o.LearningRate, (o, x) => o with { LearningRate = x },
            (o, random) => Logarithmic(random, o.LearningRate!.Value / 4, Math.Min(1e3, o.LearningRate.Value * 4))),
        new("weight-decay", o => o.WeightDecay, (o, x) => o with { WeightDecay = x }, (_, random) => Logarithmic(random, 0.001, 0.3)),
        new("label-smoothing", o => o.LabelSmoothing, (o, x) => o with { LabelSmoothing = x },
            (_, random) => Choice(random, 0, 0.05, 0.1, 0.2)),
        new("batch-size", o => o.BatchSize, (o, x) => o with { BatchSize = (int)x },
            (o, random) => Choice(
                random, Math.Max(1, o.BatchSize / 2), o.BatchSize, Math.Min(ClassifierTrainingOptions.LargestBatch, 2 * o.BatchSize))),
        new("mixup", o => o.Mixup, (o, x) => o with { Mixup = x }, (_, random) => Choice(random, 0, 0.1, 0.2, 0.4)),
        new("cutmix", o => o.CutMix, (o, x) => o with { CutMix = x }, (_, random) => Choice(random, 0, 0.5, 1)),
        new("augment-strength", o => o.PhotoAugmentation is null ? o.Augmentation.Strength : null,
            (o, x) => o with { Augmentation = o.Augmentation with { Strength = x } }, (_, random) => Uniform(random, 0.4, 2)),
        Photo("crop-area", o => o.CropArea, (o, x) => o with { CropArea = x }, (_, random) => Uniform(random, 0.15, 0.8)),
        Photo("rotation", o => o.Rotation, (o, x) => o with { Rotation = x }, (_, random) => Uniform(random, 0, 15)),
        Photo("color-jitter", o => o.Brightness,
            (o, x) => o with { Brightness = x, Contrast = x, Saturation = x, Hue = x / 10 }, (_, random) => Uniform(random, 0, 0.4)),
        Photo("erasing", o => o.Erasing, (o, x) => o with { Erasing = x }, (_, random) => Uniform(random, 0, 0.5)),

        // Of a network that takes images of any size; the default trains on 3/4 of it.
        Photo("train-image-size", o => o.TrainImageSize, (o, x) => o with { TrainImageSize = (int)x },
            (o, random) => Math.Min(LargestSize, Math.Round(o.TrainImageSize!.Value * Choice(random, 1, 1.167, 1.334, 1.667)))),
        Photo("first-image-size", o => o.FirstImageSize, (o, x) => o with { FirstImageSize = (int)x },
            (o, random) => Math.Max(
                o.FirstImageSize!.Value, Math.Round((o.TrainImageSize ?? LargestSize) * Choice(random, 0.667, 0.8, 1)))),
    ];

    private readonly long _seed;
    private readonly ClassifierArchitecture _network;

    /// <summary>A space around default recipes.</summary>
    /// <param name="network">The network of the default recipe.</param>
    /// <param name="bases">The recipe of each network that is tried.</param>
    /// <param name="tuned">The names of the settings that are tuned.</param>
    public SearchSpace(
        ClassifierArchitecture network, IReadOnlyDictionary<ClassifierArchitecture, ClassifierTrainingOptions> bases,
        IReadOnlyList<string> tuned) =>
        (_network, Bases, Tuned, _seed) = (network, bases, tuned, bases[network].Seed);

    public IReadOnlyDictionary<ClassifierArchitecture, ClassifierTrainingOptions> Bases { get; }

    public IReadOnlyList<string> Tuned { get; }

    /// <summary>The names of all settings that can be tuned.</summary>
    public static IEnumerable<string> Names => All.Select(setting => setting.Name).Prepend(NetworkName);

    /// <summary>Which settings somebody has left open: those of which different values remain different.</summary>
    /// <param name="bases">The recipe of each network.</param>
    /// <param name="complete">Makes the recipe of a network of changed defaults.</param>
    public static string[] FindOpen(
        IReadOnlyDictionary<ClassifierArchitecture, ClassifierTrainingOptions> bases,
        Func<ClassifierArchitecture, Func<ClassifierTrainingOptions, ClassifierTrainingOptions>, ClassifierTrainingOptions> complete)
    {
        const int Draws = 8;
        return
        [
            .. bases.Count > 1 ? [NetworkName] : Array.Empty<string>(),
            .. All.Where(setting => bases.Any(network => setting.Get(network.Value) is not null && IsOpen(setting, network.Key)))
                .Select(setting => setting.Name),
        ];

        // Where a part of a value does not remain, setting it once more changes something.
        bool IsOpen(TunedSetting setting, ClassifierArchitecture network)
        {
            var drawn = Enumerable.Range(0, Draws).Select(draw => setting.Draw(bases[network], new DeterministicRandom(draw))).Distinct()
                .Select(value => (value, Training: complete(network, defaults => setting.Set(defaults, value)))).ToList();
            return drawn.DistinctBy(entry => setting.Get(entry.Training)).Count() > 1
                && drawn.All(entry => setting.Set(entry.Training, entry.value) == entry.Training);
        }
    }

    /// <summary>Draws the trial that follows others, one that fits; the first is the default recipe. Null where hardly anything is left
    /// that they have not tried.</summary>
    public TuningTrial? Draw(IReadOnlyList<TuningTrial> before, Func<TuningTrial, bool> fits)
    {
        const int Attempts = 100;
        return before.Count == 0
            ? Trial(1, _network, Bases[_network])
            : Enumerable.Range(0, Attempts).Select(attempt => Draw(before.Count + 1, attempt))
                .FirstOrDefault(drawn => fits(drawn) && !before.Any(
                    trial => (trial.Network, trial.Training) == (drawn.Network, drawn.Training)));
    }

    private TuningTrial Draw(int number, int attempt)
    {
        var random = new DeterministicRandom(_seed, number, attempt);
        var others = Bases.Keys.Where(other => other != _network && Tuned.Contains(NetworkName)).Order().ToList();
        var network = others.Count > 0 && random.NextDouble() < ShareOfOtherNetworks ? others[random.NextInt32(others.Count)] : _network;
        var training = Bases[network];
        foreach (var (index, setting) in Open(network))
        {
            // Each has random numbers of its own, so that holding one fixed leaves the others as they are.
            var own = new DeterministicRandom(_seed, number, attempt, index);
            training = own.NextDouble() < ShareChanged ? setting.Set(training, setting.Draw(training, own)) : training;
        }

        return Trial(number, network, training);
    }

    private IEnumerable<(int Index, TunedSetting Item)> Open(ClassifierArchitecture network) =>
        All.Index().Where(setting => Tuned.Contains(setting.Item.Name) && setting.Item.Get(Bases[network]) is not null);

    private TuningTrial Trial(int number, ClassifierArchitecture network, ClassifierTrainingOptions training) => new()
    {
        Number = number,
        Network = network,
        Training = training,
        Settings = (Tuned.Contains(NetworkName) ? [(NetworkName, ClassifierOptions.NameOf(network))] : Array.Empty<(string, string)>())
            .Concat(Open(network).Select(setting => (setting.Item.Name, $"{setting.Item.Get(training):G6}"))).ToDictionary(),
    };

    private static TunedSetting Photo(
        string name, Func<PhotoAugmentationOptions, double?> get, Func<PhotoAugmentationOptions, double, PhotoAugmentationOptions> set,
        Func<PhotoAugmentationOptions, DeterministicRandom, double> draw) => new(
            name,
            options => options.PhotoAugmentation is { } photo ? get(photo) : null,
            (options, value) => options with { PhotoAugmentation = set(options.PhotoAugmentation ?? new(), value) },
            (options, random) => draw(options.PhotoAugmentation!, random));

    private static double Choice(DeterministicRandom random, params ReadOnlySpan<double> values) => values[random.NextInt32(values.Length)];

    private static double Uniform(DeterministicRandom random, double low, double high) => Math.Round(random.NextDouble(low, high), 2);

    private static double Logarithmic(DeterministicRandom random, double low, double high)
    {
        var value = low * Math.Pow(high / low, random.NextDouble());
        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1); // two digits
        return Math.Round(Math.Round(value / unit) * unit, 12);
    }
}

/// <summary>A setting that can be tuned.</summary>
/// <param name="Name">The name of its option of <c>train-cnn</c>.</param>
/// <param name="Get">Its value; null where it has no meaning.</param>
/// <param name="Set">Changes it.</param>
/// <param name="Draw">Draws a value; options are those of the trial so far.</param>
internal sealed record TunedSetting(
    string Name,
    Func<ClassifierTrainingOptions, double?> Get,
    Func<ClassifierTrainingOptions, double, ClassifierTrainingOptions> Set,
    Func<ClassifierTrainingOptions, DeterministicRandom, double> Draw);
