using System.Xml.Linq;
using PhotoMl.Tests.Quality;

namespace PhotoMl.Tests;

/// <summary>Whole tunings that end when all 16 combinations of two settings are tried, so that nothing depends on the machine's
/// speed.</summary>
public sealed class ClassifierTuningTests : FolderTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromHours(1);

    private static ClassifierRunOptions Options => new() { Training = Recipe, Threads = 1 };

    private static ClassifierTrainingOptions Recipe(ClassifierTrainingOptions defaults) => defaults with
    {
        Epochs = 3,
        BatchSize = 32,
        LearningRate = 0.003,
        WeightDecay = 0.01,
        CutMix = 0,
        EmaDecay = 0.9,
        Augmentation = AugmentationOptions.None,
        PhotoAugmentation = null,
    };

    [Fact]
    public void A_tuning_ends_with_an_answer_a_page_and_the_runs_it_compared()
    {
        using var tuning = ClassifierTuning.Start(Budget, IdxFolder.Write(Folder.File("data")), Folder.File("tuning"), Options);
        var result = tuning.Tune();

        Assert.Equal(["label-smoothing", "mixup"], tuning.Tuned);
        Assert.Equal(16, result.Leaderboard.Count);
        Assert.Contains(result.Leaderboard, trial => trial.Number == 1 && trial.Rungs.Count == 2); // after 1 and 3 epochs
        Assert.Equal(40, result.Run.Test!.Report.Images);
        Assert.Equal(result.Winner.Number == 1, result.Comparison is null);
        Assert.Equal(result.Leaderboard.Count + 1, File.ReadAllLines(result.LeaderboardPath).Length);
        Assert.False(Generator.IsGenerator(tuning.Folder)); // which means the winner's model, as everywhere
        Assert.False(Directory.Exists(Folder.File("tuning/trials"))); // with their checkpoints
        var page = XDocument.Parse(File.ReadAllText(result.ReportPath));
        Assert.Equal(tuning.Tuned.Count, page.Descendants("figure").Count()); // a plot a setting
        var plotted = result.Leaderboard.Count(trial => trial.Rungs.Count > 0);
        Assert.All(page.Descendants("figure"), figure => Assert.Equal(plotted, figure.Descendants("circle").Count()));

        // The options train the winner again, to the bit.
        using var again = ClassifierRun.Start(tuning.Data, Folder.File("again"), result.Options);
        again.Train();
        Assert.Equal(Weights(result.ModelPath), Weights(again.Folder.ModelPath));
    }

    [Fact]
    public void A_tuning_that_is_stopped_goes_on_with_its_trials_to_the_same_figures()
    {
        var data = IdxFolder.Write(Folder.File("data"));
        var whole = Tune(ClassifierTuning.Start(Budget, data, Folder.File("whole"), Options));
        using (var source = new CancellationTokenSource())
        {
            var rungs = 0;
            var progress = new SynchronousProgress<TuningProgress>(report =>
            {
                rungs += report.Training is null ? 1 : 0;
                if (rungs == 2 && report.Training is { Step: 2 })
                {
                    source.Cancel(); // within the third rung of the first trial
                }
            });
            using var stopped = ClassifierTuning.Start(Budget, data, Folder.File("stopped"), Options);
            Assert.Throws<OperationCanceledException>(() => stopped.Tune(progress, source.Token));
        }

        var resumed = Tune(ClassifierTuning.Resume(Folder.File("stopped")));
        Assert.Equal(whole.Leaderboard.Select(Describe), resumed.Leaderboard.Select(Describe));
        Assert.Equal(Weights(whole.ModelPath), Weights(resumed.ModelPath));

        // A tuning that has ended says it again.
        Assert.Equal(resumed.Winner.Number, Tune(ClassifierTuning.Resume(Folder.File("stopped"))).Winner.Number);

        static string Describe(TuningTrial trial) => $"{trial.Number} {trial.IsStopped} "
            + string.Join(' ', trial.Rungs.Select(rung => $"{rung.Epochs} {rung.Best.ValidationAccuracy} {rung.Best.ValidationLoss}"));

        static ClassifierTuningResult Tune(ClassifierTuning tuning)
        {
            using (tuning)
            {
                return tuning.Tune();
            }
        }
    }

    [Fact]
    public void A_trial_that_fails_is_a_row_with_its_reason_and_ends_no_tuning()
    {
        var data = IdxFolder.Write(Folder.File("data"));
        using var source = new CancellationTokenSource();
        using (var stopped = ClassifierTuning.Start(Budget, data, Folder.File("tuning"), Options))
        {
            var progress = new SynchronousProgress<TuningProgress>(report =>
            {
                if (report is { Trial.Number: 2, Training.Step: 2 })
                {
                    source.Cancel();
                }
            });
            Assert.Throws<OperationCanceledException>(() => stopped.Tune(progress, source.Token));
        }

        File.WriteAllText(Folder.File("tuning/trials/0002/checkpoint.safetensors"), "damaged");
        using var tuning = ClassifierTuning.Resume(Folder.File("tuning"));
        var result = tuning.Tune();
        var failed = result.Leaderboard.Single(trial => trial.Number == 2);
        Assert.Contains("checkpoint.safetensors", failed.Failure, StringComparison.Ordinal);
        Assert.NotEqual(2, result.Winner.Number);
        Assert.Contains("checkpoint.safetensors", File.ReadAllText(result.LeaderboardPath), StringComparison.Ordinal);
    }

    [Fact]
    public void The_winner_is_compared_with_the_default_and_one_that_diverges_when_trained_again_gives_way_to_the_next()
    {
        var data = IdxFolder.Write(Folder.File("data"));
        var loading = new DatasetLoadOptions { ImageSize = 32 };
        var options = Options with { Network = ClassifierArchitecture.Convnet, Loading = loading };
        using (var tuning = ClassifierTuning.Start(Budget, data, Folder.File("tuning"), options))
        {
            tuning.Tune();
        }

        // Trial 2 wins and 3 is the next, but the training of 2 diverges.
        var state = TuningState.Read(Folder.File("tuning"), epochs: 3);
        var trials = state.Trials.Select(trial => trial.Number switch
        {
            2 => Reach(trial, 1) with { Training = trial.Training with { LearningRate = 1000, WeightDecay = 10 } },
            3 => Reach(trial, 0.99),
            _ => Reach(trial, 0.1),
        }).ToList();
        (state with { Seconds = Budget.TotalSeconds, Trials = trials }).Write(Folder.File("tuning"), trials, []);
        Directory.Delete(Folder.File("tuning/winner"), recursive: true);
        using var resumed = ClassifierTuning.Resume(Folder.File("tuning"));
        var result = resumed.Tune();

        Assert.Equal(3, result.Winner.Number);
        Assert.StartsWith("trained again: ", result.Leaderboard.Single(trial => trial.Number == 2).Failure, StringComparison.Ordinal);
        var comparison = result.Comparison!;
        Assert.Equal(40, comparison.Images);
        Assert.Equal(result.Run.Test!.Report.Accuracy, comparison.Second.Accuracy);
        using var usual = ClassifierFile.Load(Folder.File("tuning/default/model.safetensors"));
        Assert.Equal(usual.Info.Scores.TestAccuracy, comparison.First.Accuracy);
        Assert.Equal(2, usual.Info.Training!.Seed);

        static TuningTrial Reach(TuningTrial trial, double accuracy) => trial with
        {
            IsStopped = false,
            Rungs =
            [
                .. new[] { 1, 3 }.Select(
                    epochs => new TuningRung(epochs, trial.Rungs[0].Best with { ValidationAccuracy = accuracy }, Seconds: epochs)),
            ],
        };
    }

    [Fact]
    public void Photos_without_test_images_are_divided_anew_and_the_list_of_them_is_what_is_trained_on()
    {
        var photos = Folder.File("photos");
        foreach (var index in Enumerable.Range(0, 80))
        {
            Folder.Write($"photos/{(index % 2 == 0 ? "a" : "b")}/{index}.png", Scenes.Png(index));
        }

        var options = Options with
        {
            Network = ClassifierArchitecture.Convnet,
            Loading = new DatasetLoadOptions { CacheFolder = Folder.File("cache"), ImageSize = 32 },
            Training = defaults => Recipe(defaults) with { BatchSize = 8, Mixup = 0 },
        };
        var messages = new List<string>();
        var heard = options with { Messages = new SynchronousProgress<StatusMessage>(message => messages.Add(message.Text)) };
        var tuning = ClassifierTuning.Start(Budget, photos, Folder.File("tuning"), heard);
        var lines = File.ReadAllLines(Folder.File("tuning/photos.csv"));
        Assert.Equal(16, lines.Count(line => line.EndsWith(",test", StringComparison.Ordinal)));
        Assert.Equal(64, lines.Count(line => line.EndsWith(",train", StringComparison.Ordinal)));
        Assert.Contains(messages, message => message.StartsWith("No test photos: 16 photos set aside", StringComparison.Ordinal));
        var result = tuning.Tune();
        Assert.Equal(16, result.Run.Test!.Report.Images);
        tuning.Dispose();

        using var resumed = ClassifierTuning.Resume(Folder.File("tuning"), options);
        Assert.Equal(tuning.Data, resumed.Data);
    }

    [Fact]
    public void Validation_photos_are_the_test_whatever_way_the_others_are_divided()
    {
        foreach (var index in Enumerable.Range(0, 80))
        {
            Folder.Write($"photos/{(index < 60 ? "train" : "validation")}/{(index % 2 == 0 ? "a" : "b")}/{index}.png", Scenes.Png(index));
        }

        var options = Options with
        {
            Network = ClassifierArchitecture.Convnet,
            Split = ValidationSplit.Random,
            Loading = new DatasetLoadOptions { CacheFolder = Folder.File("cache"), ImageSize = 32 },
        };
        using var tuning = ClassifierTuning.Start(Budget, Folder.File("photos"), Folder.File("tuning"), options);
        var lines = File.ReadAllLines(Folder.File("tuning/photos.csv"));
        Assert.Equal(60, lines.Count(line => line.EndsWith(",train", StringComparison.Ordinal)));
        Assert.All(lines.Where(line => line.Contains("/validation/")), line => Assert.EndsWith(",test", line, StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_tuned_is_refused_before_anything_is_written()
    {
        var data = IdxFolder.Write(Folder.File("data"));
        Assert.Throws<OutputException>(() => ClassifierTuning.Start(Budget, data, Folder.File("data/tuning"), Options));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassifierTuning.Start(TimeSpan.Zero, data, Folder.File("tuning"), Options));
        var all = Options with { Training = defaults => Recipe(defaults) with { Mixup = 0, LabelSmoothing = 0 } };
        ExceptionAssert.Throws<ArgumentException>("expected options that are not given", () => Start(data, all));
        var patient = Options with { Training = defaults => Recipe(defaults) with { Patience = 2 } };
        ExceptionAssert.Throws<ArgumentException>("Patience: expected 0", () => Start(data, patient));
        var weights = Options with { Weights = Folder.File("nothing.pth") };
        Assert.Throws<InvalidModelException>(() => Start(data, weights));
        Assert.False(Directory.Exists(Folder.File("tuning")));
        ExceptionAssert.Throws<InvalidModelException>("expected a run folder with trials.json", () => ClassifierTuning.Resume(data));

        void Start(string set, ClassifierRunOptions options) => ClassifierTuning.Start(Budget, set, Folder.File("tuning"), options);
    }

    [Fact]
    public void A_budget_of_less_than_three_trainings_is_refused_with_what_is_needed()
    {
        var data = IdxFolder.Write(Folder.File("data"), train: 2000);
        var longer = Options with { Training = defaults => Recipe(defaults) with { Epochs = 10_000 } };
        var tuning = ClassifierTuning.Start(TimeSpan.FromSeconds(60), data, Folder.File("tuning"), longer);
        var exception = Assert.Throws<ArgumentException>(() => tuning.Tune());
        tuning.Dispose();
        ClassifierTuning.Start(Budget, data, Folder.File("tuning"), Options).Dispose(); // the folder can be used again
        Assert.Matches(
            "^Budget: expected at least [0-9,]+ minutes, for one training of 10,000 epochs takes about [0-9,]+ minutes, but got 60 "
                + "seconds$",
            exception.Message);
    }

    private static byte[] Weights(string path)
    {
        using var loaded = ClassifierFile.Load(path);
        return WeightBytes.Of(loaded.Model);
    }
}
