namespace PhotoMl.Tests.Training;

public sealed class SearchSpaceTests
{
    private static readonly Dictionary<ClassifierArchitecture, ClassifierTrainingOptions> Bases = new()
    {
        [ClassifierArchitecture.Convnet] = new ClassifierTrainingOptions { Epochs = 45, PhotoAugmentation = new() }.ForEpochs(),
        [ClassifierArchitecture.ResNet18] = ClassifierTrainingOptions.ForPhotos with
        {
            PhotoAugmentation = new() { TrainImageSize = 48, FirstImageSize = 32 },
        },
    };

    [Fact]
    public void Every_setting_is_changed_in_some_trials_and_kept_in_others_and_the_first_is_the_default()
    {
        var space = Space([.. SearchSpace.Names]);
        var trials = Draw(space, 300);

        Assert.Equal(Bases[ClassifierArchitecture.ResNet18], trials[0].Training);
        Assert.Equal("0.002", trials[0].Settings["learning-rate"]);
        foreach (var name in SearchSpace.Names.Except(["augment-strength"]))
        {
            // A setting of which the default is 0 too.
            var changed = trials.Count(trial => trial.Settings.TryGetValue(name, out var value) && value != trials[0].Settings[name]);
            Assert.InRange(changed, 20, 200);
        }

        Assert.All(trials, trial => Assert.DoesNotContain("augment-strength", trial.Settings.Keys)); // they are photos
        Assert.All(trials, trial => Assert.Equal(45, trial.Training.Epochs));
        Assert.Equal(trials.Count, trials.Select(trial => (trial.Network, trial.Training)).Distinct().Count());
        var sizes = trials.Where(trial => trial.Network == ClassifierArchitecture.ResNet18)
            .Select(trial => trial.Training.PhotoAugmentation!);
        Assert.All(sizes, photo => Assert.InRange(photo.FirstImageSize!.Value, 32, photo.TrainImageSize!.Value));
        var convnets = trials.Where(trial => trial.Network == ClassifierArchitecture.Convnet).ToList();
        Assert.InRange(convnets.Count, 40, 110); // a quarter
        Assert.All(convnets, trial => Assert.Null(trial.Training.PhotoAugmentation!.TrainImageSize));
    }

    [Fact]
    public void A_setting_that_is_held_fixed_changes_no_other()
    {
        string[] open = [.. SearchSpace.Names.Except(["network"])];
        var all = Draw(Space(open), 40);
        var some = Draw(Space([.. open.Except(["mixup"])]), 40);

        Assert.All(some, trial => Assert.Equal(0, trial.Training.Mixup));
        Assert.Equal(all.Select(trial => trial.Training with { Mixup = 0 }), some.Select(trial => trial.Training));
    }

    [Fact]
    public void What_somebody_has_set_is_not_open_even_to_its_default()
    {
        Assert.Equal(SearchSpace.Names.Except(["augment-strength"]).Order(), Find(options => options).Order());
        var found = Find(options => options with { LearningRate = 0.002, Mixup = 0 });
        Assert.Equal(["augment-strength", "learning-rate", "mixup"], SearchSpace.Names.Except(found).Order());
        found = Find(options => options with { PhotoAugmentation = null });
        Assert.DoesNotContain("crop-area", found);

        static string[] Find(Func<ClassifierTrainingOptions, ClassifierTrainingOptions> own)
        {
            var bases = Bases.ToDictionary(entry => entry.Key, entry => own(entry.Value));
            return SearchSpace.FindOpen(bases, (network, change) => own(change(Bases[network])));
        }
    }

    [Fact]
    public void A_space_that_is_exhausted_ends()
    {
        var trials = Draw(Space(["label-smoothing"]), 100);
        Assert.Equal(["0", "0.05", "0.1", "0.2"], trials.Select(trial => trial.Settings["label-smoothing"]).Order());
    }

    private static SearchSpace Space(string[] tuned) => new(ClassifierArchitecture.ResNet18, Bases, tuned);

    private static List<TuningTrial> Draw(SearchSpace space, int count)
    {
        var trials = new List<TuningTrial>();
        while (trials.Count < count && space.Draw(trials, _ => true) is { } trial)
        {
            trials.Add(trial);
        }

        return trials;
    }
}
