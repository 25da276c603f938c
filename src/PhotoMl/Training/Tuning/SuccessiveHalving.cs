using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>Decides which trial is trained next, and how far: many for a few epochs, the best third of those for three times as many, and
/// so on.</summary>
/// <remarks>L. Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020 (ASHA), algorithm 2, with one worker: a trial
/// goes on as soon as it is among the best third of those that have come as far; else a new one begins. Two things differ. Of the trials
/// that wait at a rung only the three best keep their checkpoints, so that disk space has a bound. And when the time that is left is too
/// short for another trial in full, those that wait are finished, the best first.</remarks>
internal sealed class SuccessiveHalving
{
    private const int Eta = 3;
    private const int MostWaiting = 3;
    private const int MostFailures = 10;

    private static readonly int[] Parts = [9, 3, 1];

    private readonly int[] _rungs;
    private readonly MonitoredMetric _monitor;
    private readonly List<TuningTrial> _trials;

    public SuccessiveHalving(int epochs, MonitoredMetric monitor, IEnumerable<TuningTrial> trials)
    {
        _rungs = RungsOf(epochs);
        (_monitor, _trials) = (monitor, [.. trials]);
    }

    /// <summary>All trials in the order of their numbers; the first is the default recipe.</summary>
    public IReadOnlyList<TuningTrial> Trials => _trials;

    /// <summary>The trials from the best on: those that have come further first, then by their best epoch; those that failed are
    /// last.</summary>
    public IReadOnlyList<TuningTrial> Leaderboard =>
    [
        .. _trials.GroupBy(trial => (IsSound: trial.Failure is null, trial.Rungs.Count))
            .OrderByDescending(group => group.Key).SelectMany(Ranked),
    ];

    /// <summary>The best trial of the highest rung that another than the default has reached; the default where there is none.</summary>
    public TuningTrial Winner
    {
        get
        {
            var sound = _trials.Where(trial => trial.Failure is null).ToList();
            var rungs = sound.Where(trial => trial.Number > 1).Select(trial => trial.Rungs.Count).DefaultIfEmpty(0).Max();
            return Ranked(sound.Where(trial => trial.Rungs.Count >= Math.Max(1, rungs))).FirstOrDefault() ?? _trials[0];
        }
    }

    /// <summary>How well the order at each rung agrees with that at later ones.</summary>
    public IEnumerable<RungCorrelation> Correlations =>
        from earlier in Enumerable.Range(0, _rungs.Length)
        from later in Enumerable.Range(earlier + 1, _rungs.Length - earlier - 1)
        let reached = Reached(later + 1).ToList()
        where reached.Count > 2
        let before = reached.Select(trial => Figure(trial, earlier)).ToArray()
        let after = reached.Select(trial => Figure(trial, later)).ToArray()
        select new RungCorrelation(_rungs[earlier], _rungs[later], reached.Count, RankCorrelation(before, after));

    /// <summary>A ninth and a third of the epochs, and all of them.</summary>
    public static int[] RungsOf(int epochs) =>
        [.. Parts.Select(part => Math.Max(1, (int)Math.Round((double)epochs / part))).Distinct()];

    /// <summary>Chooses what is trained next; null where nothing more fits.</summary>
    /// <param name="left">The seconds that are left, in which the best trial and the default are to be trained once more.</param>
    /// <param name="draw">Makes the next trial, one that fits; null where there is none.</param>
    /// <returns>The trial, and the epochs after which it is looked at again.</returns>
    public (TuningTrial Trial, int Epochs)? Next(double left, Func<Func<TuningTrial, bool>, TuningTrial?> draw)
    {
        if (_trials.Count == 0 || !IsDone(_trials[0]))
        {
            return Job(_trials.FirstOrDefault() ?? draw(_ => true)!);
        }

        if (_trials.Count >= MostFailures && _trials.TakeLast(MostFailures).All(trial => trial.Failure is not null))
        {
            return null;
        }

        var last = _rungs.Length - 1;
        for (var rung = last; rung > 0; rung--)
        {
            var reached = Ranked(Reached(rung)).ToList();
            var promoted = reached.Take(reached.Count / Eta).FirstOrDefault(trial => trial.Rungs.Count == rung && !IsDone(trial));
            if (promoted is not null && Fits(promoted, rung))
            {
                return Job(promoted);
            }
        }

        return draw(trial => Fits(trial, last)) is { } fresh ? Job(fresh)
            : Leaderboard.FirstOrDefault(trial => !IsDone(trial) && Fits(trial, last)) is { } best ? Job(best) : null;

        bool Fits(TuningTrial trial, int rung) =>
            SecondsAt(trial, rung) - (trial.Last?.Seconds ?? 0) + Reserve(SecondsAt(trial, last)) <= left;
    }

    /// <summary>Takes what a trial has become, and stops those that wait behind others.</summary>
    public void Record(TuningTrial trial)
    {
        if (trial.Number > _trials.Count)
        {
            _trials.Add(trial);
        }

        _trials[trial.Number - 1] = trial;
        for (var rung = 1; rung < _rungs.Length; rung++)
        {
            var waiting = Ranked(_trials.Where(other => other.Rungs.Count == rung && !IsDone(other))).Skip(MostWaiting).ToList();
            waiting.ForEach(other => _trials[other.Number - 1] = other with { IsStopped = true });
        }
    }

    /// <summary>Ends the search: what waits is not trained further.</summary>
    public void StopAll() => _trials.Where(trial => !IsDone(trial)).ToList()
        .ForEach(trial => _trials[trial.Number - 1] = trial with { IsStopped = true });

    /// <summary>Whether there is nothing left to train of a trial.</summary>
    public bool IsDone(TuningTrial trial) => trial.IsOver || trial.Rungs.Count == _rungs.Length;

    /// <summary>The seconds that the final trainings of the default and the winner take, which may be a trial of so many.</summary>
    public double Reserve(double seconds) =>
        SecondsAt(_trials[0], _rungs.Length - 1) + Math.Max(seconds, SecondsAt(Winner, _rungs.Length - 1));

    /// <summary>Spearman's rank correlation; equal values share the mean of their ranks. 0 where all are equal.</summary>
    public static double RankCorrelation(double[] first, double[] second)
    {
        var (x, y) = (Ranks(first), Ranks(second));
        var mean = (first.Length - 1) / 2.0;
        var spread = Math.Sqrt(x.Sum(rank => (rank - mean) * (rank - mean)) * y.Sum(rank => (rank - mean) * (rank - mean)));
        return spread == 0 ? 0 : x.Zip(y, (one, other) => (one - mean) * (other - mean)).Sum() / spread;

        static double[] Ranks(double[] values) => Array.ConvertAll(
            values, value => values.Count(other => other < value) + ((values.Count(other => other == value) - 1) / 2.0));
    }

    private (TuningTrial Trial, int Epochs) Job(TuningTrial trial) => (trial, _rungs[trial.Rungs.Count]);

    private IEnumerable<TuningTrial> Reached(int rungs) => _trials.Where(trial => trial.Rungs.Count >= rungs);

    // By the last rung that all of them have reached.
    private IEnumerable<TuningTrial> Ranked(IEnumerable<TuningTrial> trials)
    {
        var list = trials.ToList();
        var rung = list.Select(trial => trial.Rungs.Count).DefaultIfEmpty(0).Min() - 1;
        return rung < 0 ? list : list.OrderByDescending(trial => trial.Rungs[rung].Best, Comparer<EpochReport>.Create(
            (one, other) => one.IsBetterThan(other, _monitor) ? 1 : other.IsBetterThan(one, _monitor) ? -1 : 0));
    }

    private double Figure(TuningTrial trial, int rung) => _monitor == MonitoredMetric.BalancedAccuracy
        ? trial.Rungs[rung].Best.ValidationBalancedAccuracy ?? 0 : trial.Rungs[rung].Best.ValidationAccuracy;

    // What a trial takes to a rung is measured or, as later epochs can take longer, in the proportion of the default's.
    private double SecondsAt(TuningTrial trial, int rung) => trial.Rungs.Count > rung ? trial.Rungs[rung].Seconds
        : trial.Rungs.Count == 0 ? SecondsOfNew(trial.Network) * Weight(rung) / Weight(0)
        : trial.Rungs[^1].Seconds * Weight(rung) / Weight(trial.Rungs.Count - 1);

    private double Weight(int rung) => _trials[0].Rungs.Count == _rungs.Length ? _trials[0].Rungs[rung].Seconds : _rungs[rung];

    // Networks differ more than what else is drawn.
    private double SecondsOfNew(ClassifierArchitecture network) => Reached(1).Where(trial => trial.Network == network)
        .DefaultIfEmpty(_trials[0]).Average(trial => trial.Rungs.Count > 0 ? trial.Rungs[0].Seconds : 0);
}
