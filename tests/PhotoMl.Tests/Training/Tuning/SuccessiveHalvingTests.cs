namespace PhotoMl.Tests.Training;

public sealed class SuccessiveHalvingTests : FolderTests
{
    private const int Epochs = 9; // rungs of 1, 3 and 9

    private static readonly SearchSpace Space = MakeSpace();

    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "1 2")]
    [InlineData(3, "1 3")]
    [InlineData(10, "1 3 10")]
    [InlineData(45, "5 15 45")]
    public void Rungs_are_a_ninth_and_a_third_of_the_epochs_and_all_of_them(int epochs, string expected) =>
        Assert.Equal(expected, string.Join(' ', SuccessiveHalving.RungsOf(epochs)));

    [Fact]
    public void The_default_is_trained_in_full_and_then_the_best_third_of_each_rung_goes_on()
    {
        // The validation accuracy of each trial at every rung; the first is the default.
        double[] accuracies = [0.5, 0.6, 0.4, 0.7, 0.8, 0.45, 0.55, 0.65, 0.9];
        var search = new SuccessiveHalving(Epochs, MonitoredMetric.Accuracy, []);
        var jobs = new List<string>();
        for (var i = 0; i < 18; i++)
        {
            var (trial, epochs) = search.Next(1e9, mayBe => Space.Draw(search.Trials, mayBe))!.Value;
            jobs.Add($"{trial.Number}:{epochs}");
            search.Record(Reach(trial, epochs, accuracies[trial.Number - 1], epochs));
        }

        // Of three that have come to an epoch, 2 is the best; of four it is 4, which is then the best of three at the next rung too, as 5
        // is of five and four. Of six to eight two may go on, which have; of nine 9 may.
        Assert.Equal(
            "1:1 1:3 1:9 2:1 3:1 2:3 4:1 4:3 4:9 5:1 5:3 5:9 6:1 7:1 8:1 9:1 9:3 9:9", string.Join(' ', jobs));
        Assert.Equal(9, search.Winner.Number);
        Assert.Equal([9, 5, 4, 1, 2], search.Leaderboard.Take(5).Select(trial => trial.Number));
    }

    [Fact]
    public void Three_trials_wait_at_a_rung_and_the_others_stop_for_good()
    {
        var search = new SuccessiveHalving(Epochs, MonitoredMetric.Accuracy, []);
        for (var number = 1; number <= 6; number++)
        {
            var trial = Space.Draw(search.Trials, _ => true)!;
            search.Record(Reach(trial, 1, 0.5 + (number / 100.0), 1));
        }

        Assert.Equal([1, 2, 3], search.Trials.Where(trial => trial.IsStopped).Select(trial => trial.Number));
    }

    [Fact]
    public void What_fails_is_a_row_and_ten_failures_with_nothing_else_end_the_search()
    {
        var search = new SuccessiveHalving(Epochs, MonitoredMetric.Accuracy, []);
        while (search.Next(1e9, mayBe => Space.Draw(search.Trials, mayBe)) is var (trial, _))
        {
            search.Record(trial with { Failure = "diverged" });
        }

        Assert.Equal(10, search.Trials.Count);
        Assert.Equal("diverged", search.Winner.Failure);

        var other = new SuccessiveHalving(Epochs, MonitoredMetric.Accuracy, []);
        for (var i = 0; i < 40; i++)
        {
            var (trial, epochs) = other.Next(1e9, mayBe => Space.Draw(other.Trials, mayBe))!.Value;
            other.Record(trial.Number % 2 == 0 ? trial with { Failure = "diverged" } : Reach(trial, epochs, trial.Number / 100.0, epochs));
        }

        Assert.True(other.Winner is { Failure: null, Rungs.Count: 3 });
        Assert.Equal(1, other.Winner.Number % 2);
    }

    [Theory]
    [InlineData(MonitoredMetric.Accuracy, 2)]
    [InlineData(MonitoredMetric.BalancedAccuracy, 1)]
    public void Trials_are_ranked_by_the_figure_that_is_monitored(MonitoredMetric monitor, int expected)
    {
        var search = new SuccessiveHalving(1, monitor, []);
        search.Record(Reach(Space.Draw([], _ => true)!, 1, 0.6, 1, balanced: 0.6));
        search.Record(Reach(Space.Draw(search.Trials, _ => true)!, 1, 0.7, 1, balanced: 0.5));
        Assert.Equal(expected, search.Winner.Number);
    }

    // Among 20 seeds; the optimum is one of 64 combinations, of settings whose defaults are elsewhere.
    [Fact]
    public void A_planted_optimum_is_found_within_the_budget_in_19_of_20_seeds()
    {
        const double Budget = 1000; // seconds, one an epoch
        var found = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var (search, used) = Search(seed, Budget);
            var winner = search.Winner.Training;
            found += winner is { Mixup: 0.2, LabelSmoothing: 0 } ? 1 : 0;
            Assert.InRange(used + (2 * Epochs), Budget - (3 * Epochs), Budget); // both are trained again then
        }

        Assert.InRange(found, 19, 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void A_search_that_was_stopped_and_read_again_ends_with_the_same_leaderboard(int stop)
    {
        Search(3, 300, Folder.File("whole"));
        Search(3, 300, Folder.File("stopped"), stop);
        Search(3, 300, Folder.File("stopped"));

        foreach (var name in new[] { TuningState.LeaderboardName, TuningState.Name })
        {
            Assert.Equal(File.ReadAllText(Folder.File($"whole/{name}")), File.ReadAllText(Folder.File($"stopped/{name}")));
        }
    }

    [Theory]
    [InlineData("{", "trials of a tuning")]
    [InlineData("{\"seconds\":-1}", "expected 0 to")]
    [InlineData("{\"trials\":[null]}", "do not follow each other")]
    [InlineData(
        "{\"trials\":[{\"number\":1,\"network\":\"convnet\",\"training\":{},\"settings\":{},\"rungs\":[null]}]}",
        "do not follow each other")]
    public void A_damaged_state_is_refused(string text, string expected)
    {
        File.WriteAllText(Folder.File(TuningState.Name), text);
        ExceptionAssert.Throws<InvalidModelException>(expected, () => TuningState.Read(Folder.Path, Epochs));
    }

    [Fact]
    public void Rank_correlation_is_that_computed_by_hand()
    {
        Assert.Equal(1, SuccessiveHalving.RankCorrelation([1, 2, 3], [10, 20, 90]), 12);
        Assert.Equal(-1, SuccessiveHalving.RankCorrelation([1, 2, 3], [9, 2, 1]), 12);
        Assert.Equal(0.5, SuccessiveHalving.RankCorrelation([1, 2, 3], [1, 3, 2]), 12); // 1 - 6 * 2 / (3 * 8)
        Assert.Equal(Math.Sqrt(3) / 2, SuccessiveHalving.RankCorrelation([1, 1, 2], [1, 2, 3]), 12); // ranks 0.5, 0.5, 2
        Assert.Equal(0, SuccessiveHalving.RankCorrelation([1, 1, 1], [1, 2, 3]));
    }

    // What comes of a trial after some epochs: a planted quality, which shows the more the longer it is trained, and noise.
    private static (SuccessiveHalving Search, double Used) Search(int seed, double budget, string? folder = null, int stop = int.MaxValue)
    {
        var space = MakeSpace(seed);
        var state = folder is not null && File.Exists(Path.Combine(folder, TuningState.Name))
            ? TuningState.Read(folder, Epochs) : new TuningState();
        var search = new SuccessiveHalving(Epochs, MonitoredMetric.Accuracy, state.Trials);
        var used = state.Seconds;
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }

        for (var i = 0; i < stop && search.Next(budget - used, mayBe => space.Draw(search.Trials, mayBe)) is var (trial, epochs); i++)
        {
            var noise = new DeterministicRandom(seed, trial.Number, epochs).NextGaussian() * 0.005;
            used += epochs - (trial.Rungs.Count > 0 ? trial.Rungs[^1].Epochs : 0);
            search.Record(Reach(trial, epochs, 0.8 + (Quality(trial.Training) * (1 - (0.5 / epochs))) + noise, epochs));
            if (folder is not null)
            {
                new TuningState { Seconds = used, Trials = search.Trials }.Write(folder, search.Leaderboard, space.Tuned);
            }
        }

        return (search, used);

        static double Quality(ClassifierTrainingOptions options) => 0.1 - (0.2 * Math.Abs(options.Mixup - 0.2))
            - (0.3 * options.LabelSmoothing) - (0.01 * Math.Abs(Math.Log2(options.LearningRate!.Value / 0.006)));
    }

    private static SearchSpace MakeSpace(long seed = 1) => new(
        ClassifierArchitecture.Convnet,
        new Dictionary<ClassifierArchitecture, ClassifierTrainingOptions>
        {
            [ClassifierArchitecture.Convnet] = (new ClassifierTrainingOptions() with { Epochs = Epochs, Seed = seed }).ForEpochs(),
        },
        [.. SearchSpace.Names]);

    private static TuningTrial Reach(TuningTrial trial, int epochs, double accuracy, double seconds, double? balanced = null) => trial with
    {
        Rungs =
        [
            .. trial.Rungs,
            new TuningRung(
                epochs,
                TrainingRuns.Report(epochs) with { ValidationAccuracy = accuracy, ValidationBalancedAccuracy = balanced ?? accuracy },
                seconds),
        ],
    };
}
