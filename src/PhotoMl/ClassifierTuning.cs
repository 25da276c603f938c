using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Reporting;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>Looks for options that train a better classifier than the default recipe, within a given time: many trials are trained for a
/// few epochs, the best of them for more, and the winner is compared with the default on the test images.</summary>
/// <remarks>Successive halving: L. Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020. Validation images
/// choose; the test images are looked at once, at the end. Photos without test images are divided anew: their validation photos, or a fifth
/// of undivided ones, are the test, which <c>photos.csv</c> of the folder records.</remarks>
/// <example><code>
/// using var tuning = ClassifierTuning.Start(TimeSpan.FromMinutes(20), "photos", "runs/tuning");
/// var result = tuning.Tune();
/// Console.WriteLine(result.Answer);
/// </code></example>
public sealed partial class ClassifierTuning : IDisposable
{
    internal const string Command = "tune";

    internal const double LongestBudget = 1e7;

    private const int LeastTrainings = 4; // the default and another, and both once more
    private const double Margin = 0.95; // what is left for evaluation and the loading of images
    private const int StepsOfEstimate = 10;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    private readonly Owned _owned;
    private readonly RunFolder _folder;
    private readonly ClassifierTuningSettings _settings;
    private readonly ClassifierRunOptions _options;
    private readonly RunData _images;
    private readonly SearchSpace _space;
    private readonly SuccessiveHalving _search;
    private readonly Stopwatch _clock = new();
    private double _seconds;

    private ClassifierTuning(
        Owned owned, RunFolder folder, ClassifierTuningSettings settings, ClassifierRunOptions options, RunData images, TuningState state)
    {
        (_owned, _folder, _settings, _options, _images) = (owned, folder, settings, options, images);
        _space = new SearchSpace(settings.Run.Network, settings.Bases, settings.Tuned);
        _search = new SuccessiveHalving(settings.Run.Training.Epochs, settings.Run.Training.Monitor, state.Trials);
        _seconds = state.Seconds;
    }

    /// <summary>The folder of the tuning, with the leaderboard, the page, and the runs of the winner and the default.</summary>
    public string Folder => _folder.Path;

    /// <summary>The id of the known data set, the folder of photos, or the list of them that the tuning wrote.</summary>
    public string Data => _settings.Run.Data;

    /// <summary>The names of what is tuned: those options of <c>train-cnn</c> that were not given.</summary>
    public IReadOnlyList<string> Tuned => _settings.Tuned;

    /// <summary>Loads the data, checks it, and makes the folder of a tuning.</summary>
    /// <param name="budget">The time it may take, with the final trainings of the winner and the default.</param>
    /// <param name="data">As for <see cref="ClassifierRun.Start"/>; it needs test images, or photos to take them from.</param>
    /// <param name="folder">The folder of the tuning, which must be empty or not exist. Default null: one below <c>runs</c>.</param>
    /// <param name="options">What is trained on and how. What <see cref="ClassifierRunOptions.Training"/> sets is held fixed, and all
    /// trials are trained for as many epochs.</param>
    /// <param name="cancellationToken">Stops a download, the reading of photos or the check.</param>
    /// <returns>The tuning, to be disposed by the caller.</returns>
    /// <exception cref="ArgumentException">The options contradict each other or the data, or leave nothing to tune.</exception>
    /// <exception cref="PhotoMlException">The data, the weights or the folder are not what is needed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClassifierTuning Start(
        TimeSpan budget, string data = DatasetLoader.Auto, string? folder = null, ClassifierRunOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Checked.InRange(budget.TotalSeconds, 1, LongestBudget, nameof(budget));
        return Owned.Open(owned => StartNew(owned, budget, data, folder, options ?? new ClassifierRunOptions(), cancellationToken));
    }

    /// <summary>Opens a tuning that was stopped, with all rungs that were finished.</summary>
    /// <param name="folder">The folder of the tuning.</param>
    /// <param name="options">How the data set is read, and who is given messages; what the tuning was started with stays as it was.</param>
    /// <param name="cancellationToken">Stops the reading of photos.</param>
    /// <returns>The tuning, to be disposed by the caller.</returns>
    /// <exception cref="PhotoMlException">The folder holds no tuning, or the images are not those that it began with.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ClassifierTuning Resume(
        string folder, ClassifierRunOptions? options = null, CancellationToken cancellationToken = default) => Owned.Open(owned =>
    {
        options ??= new ClassifierRunOptions();
        var run = owned.Add(RunFolder.Open(folder, TuningState.Name));
        var settings = RunSettings.Read<ClassifierTuningSettings>(run, Command);
        if (!settings.Bases.ContainsKey(settings.Run.Network) || settings.Bases.Values.Contains(null!) || settings.Fingerprints.Count != 3)
        {
            throw new InvalidModelException(run.OptionsPath, "the options of a tuning", "a part of them");
        }

        var state = TuningState.Read(folder, settings.Run.Training.Epochs);
        var images = ClassifierRun.LoadAgain(owned, run, settings.Run, settings.Fingerprints, options, cancellationToken);
        return new ClassifierTuning(owned, run, settings, options, images, state);
    });

    /// <summary>Searches until the time is over, or goes on to it, and compares the winner with the default.</summary>
    /// <param name="progress">Is given every step and every rung.</param>
    /// <param name="cancellationToken">Stops after the step under way, with a checkpoint written.</param>
    /// <returns>The answer; the winner's model lies in <see cref="ClassifierTuningResult.ModelPath"/>.</returns>
    /// <exception cref="ArgumentException">The time is too short for four trainings.</exception>
    /// <exception cref="PhotoMlException">No trial could be trained, or a file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; <see cref="Resume"/> goes on.</exception>
    public ClassifierTuningResult Tune(IProgress<TuningProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        while (_search.Next(Left, fits => _space.Draw(_search.Trials, fits)) is var (trial, epochs))
        {
            _clock.Restart();
            var before = trial.Last?.Seconds ?? 0;
            trial = Train(trial, epochs, progress, cancellationToken);
            _seconds += Math.Max(_clock.Elapsed.TotalSeconds, (trial.Last?.Seconds ?? 0) - before); // with what came before a stop
            _clock.Reset();
            _search.Record(trial);
            Save();
            progress?.Report(Report(_search.Trials[trial.Number - 1], training: null));
        }

        if (_search.Trials is [{ Last.Seconds: var seconds } only] && _search.IsDone(only))
        {
            throw TooShort(seconds, only.Training.Epochs);
        }

        _search.StopAll();
        Save();
        DeleteFolder(Path.Combine(Folder, "trials"));
        var defaults = _settings.Bases.Keys.ToDictionary(
            network => network, network => ClassifierRun.DefaultsFor(_images, network, OptionsOf(_search.Winner)));
        _images.Dispose(); // the final runs load them as any run does
        _clock.Restart();
        ClassifierRunResult? run = null;
        while (run is null)
        {
            run = _search.Winner.Failure is null
                ? TrainFinally(_search.Winner, "winner", progress, cancellationToken)
                : throw new InvalidDatasetException(Data, "a recipe that can be trained", _search.Trials[0].Failure ?? "none");
        }

        var winner = _search.Winner;
        var isCompared = winner.Number > 1 && _search.Trials[0].Failure is null
            && TrainFinally(_search.Trials[0], "default", progress, cancellationToken) is not null;
        var result = new ClassifierTuningResult
        {
            Folder = Folder,
            Leaderboard = _search.Leaderboard,
            Winner = winner,
            Options = OptionsOf(winner),
            Defaults = defaults[winner.Network],
            Run = run,
            Comparison = isCompared ? Compare(cancellationToken) : null,
            Correlations = [.. _search.Correlations],
            Seconds = _seconds,
        };
        var title = $"Tuning {Data}: {result.Leaderboard.Count:N0} trials in {_seconds / 60:F1} minutes";
        ReportFolder.Write(
            Folder, TuningReportPage.Render(title, result.Answer, Tuned, result.Leaderboard, result.Correlations));
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.Dispose();

    // A failure of one trial is a row of the leaderboard, and no end of the others.
    private TuningTrial Train(TuningTrial trial, int epochs, IProgress<TuningProgress>? progress, CancellationToken cancellationToken)
    {
        var path = TrialFolder(trial);
        using var tooSlow = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (estimate, before, steps) = (0.0, _clock.Elapsed, new List<double>());
        try
        {
            using var owned = new Owned();
            var run = owned.Add(RunFolder.HoldsRun(path) ? RunFolder.Open(path) : RunFolder.Create(path));
            var settings = _settings.Run with { Network = trial.Network, Training = trial.Training };
            using var trainer = ClassifierTrainer.ResumeOrBegin(
                run, _images.Train, _images.Validation, ClassifierOptions.For(_images.Train, trial.Network), trial.Training,
                () => ClassifierRun.CreateModel(_images, settings, new ClassifierRunOptions()), out var model, tooSlow.Token);
            owned.Add(model);
            var shown = new SynchronousProgress<ClassifierProgress>(Check);
            trainer.FitUntil(epochs, _images.Train, run, shown, _images.Validation, _images.Unlabeled, tooSlow.Token);
            trial = trial with { Rungs = [.. trial.Rungs, new TuningRung(epochs, trainer.Kept!, trainer.Seconds)] };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && trial.Number == 1)
        {
            throw TooShort(estimate, trial.Training.Epochs);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            trial = trial with { Failure = $"too slow: one training would take about {Text(estimate)}" };
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutputException))
        {
            trial = trial with { Failure = ReasonOf(exception) };
        }

        return trial;

        // The first steps are a run's slowest, but of images that grow the first epochs its quickest; the median knows no stall.
        void Check(ClassifierProgress report)
        {
            progress?.Report(Report(trial, report));
            var now = _clock.Elapsed;
            steps.Add((now - before).TotalSeconds);
            before = now;
            if (trial.Rungs.Count == 0 && now > WarmUp && steps.Count % StepsOfEstimate == 0)
            {
                var growth = trial.Training.PhotoAugmentation is { FirstImageSize: { } first, TrainImageSize: { } last }
                    ? (1 + Math.Pow((double)last / first, 1.5)) / 2 : 1;
                estimate = steps.Order().ElementAt(steps.Count / 2) * growth * report.Epochs * report.StepsPerEpoch;
                if ((trial.Number == 1 ? LeastTrainings * estimate : estimate + _search.Reserve(estimate)) > Left)
                {
                    tooSlow.Cancel();
                }
            }
        }
    }

    // The folder can be used again.
    private ArgumentException TooShort(double training, int epochs)
    {
        DeleteFolder(Path.Combine(Folder, "trials"));
        Array.ForEach([TuningState.LeaderboardName, TuningState.Name], name => AtomicFile.Delete(Path.Combine(Folder, name)));
        var least = Math.Max(((LeastTrainings * 1.1 * training) + (3 * _settings.Preparation)) / Margin, 1.1 * _settings.Budget);
        return new ArgumentException(
            $"Budget: expected at least {Text(least)}, for one training of {PhotoMlException.Count(epochs, "epoch")} takes about "
                + $"{Text(training)}, but got {Text(_settings.Budget)}");
    }

    private ClassifierRunOptions OptionsOf(TuningTrial trial) => new()
    {
        Network = trial.Network,
        Training = _ => trial.Training with { Seed = unchecked(_settings.Run.Training.Seed + 1) },
        Weights = _settings.Run.Weights,
        Limit = _settings.Run.Limit,
        Split = _settings.Run.Split,
        Unlabeled = _settings.Run.Unlabeled,
        LabelsPerClass = _settings.Run.LabelsPerClass,
        Threads = _settings.Run.Threads,
        Loading = _settings.Run.Loading(_options.Loading) with { Photos = null },
    };

    // An ordinary run, which anybody can repeat; null where it diverges, which is then what became of the trial.
    private ClassifierRunResult? TrainFinally(
        TuningTrial trial, string name, IProgress<TuningProgress>? progress, CancellationToken cancellationToken)
    {
        var (path, options) = (Path.Combine(Folder, name), OptionsOf(trial));
        try
        {
            using var run = RunFolder.HoldsRun(path)
                ? ClassifierRun.Resume(path, options, cancellationToken)
                : ClassifierRun.Start(Data, path, options, cancellationToken);
            var shown = new SynchronousProgress<ClassifierProgress>(
                report => progress?.Report(Report(trial, report) with { IsFinal = true }));
            return run.Train(shown, cancellationToken);
        }
        catch (TrainingDivergedException exception)
        {
            _search.Record(trial with { Failure = $"trained again: {ReasonOf(exception)}" });
            DeleteFolder(path);
            Save();
            return null;
        }
    }

    private ClassifierComparison Compare(CancellationToken cancellationToken)
    {
        using var first = Classifier.Load(Path.Combine(Folder, "default"), _settings.Run.Training.Precision);
        using var second = Classifier.Load(Path.Combine(Folder, "winner"), _settings.Run.Training.Precision);
        var options = new EvaluationOptions { Loading = _options.Loading with { Photos = null } };
        return Classifier.Compare(first, second, data: null, options, cancellationToken: cancellationToken).Figures;
    }

    // The final runs load the images too.
    private double Left => (Margin * _settings.Budget) - _seconds - (2 * _settings.Preparation);

    private TuningProgress Report(TuningTrial trial, ClassifierProgress? training) => new()
    {
        Trial = trial,
        Training = training,
        Leaderboard = _search.Leaderboard,
        Elapsed = TimeSpan.FromSeconds(_seconds) + _clock.Elapsed,
        Budget = TimeSpan.FromSeconds(_settings.Budget),
    };

    private void Save()
    {
        var state = new TuningState { Seconds = _seconds, Trials = _search.Trials };
        state.Write(Folder, _search.Leaderboard, Tuned);

        // A checkpoint of a ResNet-18 has 223 MB.
        Array.ForEach([.. _search.Trials.Where(_search.IsDone)], trial => DeleteFolder(TrialFolder(trial)));
    }

    // Where the last good weights were is of no use, since they are deleted.
    private static string ReasonOf(Exception exception) => exception is TrainingDivergedException diverged
        ? $"training diverged in epoch {diverged.Epoch}, step {diverged.Step}" : PhotoMlException.ReasonOf(exception);

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            AtomicFile.Guard(folder, () => Directory.Delete(folder, recursive: true));
        }
    }

    private string TrialFolder(TuningTrial trial) => Path.Combine(Folder, "trials", $"{trial.Number:D4}");

    private static string Text(double seconds) => seconds < 120
        ? PhotoMlException.Count((long)Math.Ceiling(seconds), "second") : $"{Math.Ceiling(seconds / 60):N0} minutes";
}
