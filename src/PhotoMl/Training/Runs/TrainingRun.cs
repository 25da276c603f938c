using System.Diagnostics;

namespace PhotoMl.Training;

/// <summary>A run under way: what it is, where it stands, its tensors, and the folder it is written to; without a folder nothing is
/// written.</summary>
internal sealed class TrainingRun<TNetwork, TOptions, TReport>
    where TOptions : IRunOptions
    where TReport : class, IEpochReport
{
    // Writing takes at most one part in so many of the time.
    private const int WritesApart = 50;

    private readonly RunWeights _weights;
    private RunInfo<TNetwork, TOptions>? _info;
    private string? _checkpointPath;
    private EventLog? _events;
    private TimeSpan _interval;
    private long _saved;
    private TimeSpan _writing;

    /// <summary>Prepares a new run, or takes one up.</summary>
    public TrainingRun(RunWeights weights, Checkpoint<TNetwork, TOptions, TReport>? resumed)
    {
        (_weights, _info, State) = (weights, resumed?.Info, resumed?.State ?? new RunState<TReport>());
        if (resumed is not null)
        {
            _checkpointPath = Path.GetFullPath(resumed.Reader.Path);
            weights.ReadFrom(resumed.Reader);
        }
    }

    /// <summary>What the run is, once it has begun.</summary>
    public RunInfo<TNetwork, TOptions> Info => _info!;

    public RunState<TReport> State { get; }
    public RunFolder? Folder { get; private set; }

    public void Begin(RunFolder? folder, RunInfo<TNetwork, TOptions> wanted, string evaluator, TimeSpan interval)
    {
        var path = folder is null ? _checkpointPath : Path.GetFullPath(folder.CheckpointPath);
        if (path != _checkpointPath && File.Exists(path))
        {
            throw new InvalidOperationException(
                $"Expected a folder without a run but {folder!.Path} holds one; the trainer's Resume goes on with it.");
        }

        var info = _info ?? wanted;
        if (info.DataFingerprint != wanted.DataFingerprint)
        {
            throw new ArgumentException($"Expected the images the run began with, {info.Data}, but got other images: {wanted.Data}.");
        }

        if (info.EvaluatorFingerprint != wanted.EvaluatorFingerprint)
        {
            throw new ArgumentException(
                info.EvaluatorFingerprint is null ? $"Expected no {evaluator}, as the run began, but got some."
                    : wanted.EvaluatorFingerprint is null ? $"Expected the {evaluator} the run began with but got none."
                    : $"Expected the {evaluator} the run began with, but what was given differs.");
        }

        if (info.UnlabeledFingerprint != wanted.UnlabeledFingerprint)
        {
            throw new ArgumentException("Expected the unlabeled images the run began with, but what was given differs.");
        }

        (_info, _checkpointPath, Folder, _interval) = (info, path, folder, interval);
        _events = folder is null ? null : new EventLog(folder);
        SaveCheckpoint();
    }

    /// <summary>Makes the steps that are left of the epoch. Cancelled, it writes a checkpoint after the step under way.</summary>
    public void RunSteps(int steps, Action step, Action report, CancellationToken cancellationToken)
    {
        Array.ForEach(_weights.Trained, network => network.train());
        NativeLeftovers.CountUse(1);
        try
        {
            while (State.Step < steps)
            {
                var clock = Stopwatch.StartNew();
                step();
                State.AddStep(clock.Elapsed.TotalSeconds);
                StepObserver.Begin("collection");
                NativeLeftovers.ReleaseSometimes();
                StepObserver.Begin("report");
                report();
                StepObserver.Begin("checkpoint");
                if (cancellationToken.IsCancellationRequested || IsCheckpointDue)
                {
                    SaveCheckpoint();
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            NativeLeftovers.CountUse(-1);
            Array.ForEach(_weights.Trained, network => network.eval());
        }
    }

    /// <summary>Evaluates an epoch whose steps are made. Cancelled, it writes a checkpoint, from which the run evaluates again.</summary>
    public T Evaluate<T>(Func<T> evaluate)
    {
        try
        {
            return evaluate();
        }
        catch (OperationCanceledException)
        {
            SaveCheckpoint();
            throw;
        }
    }

    public void SaveEpoch()
    {
        if (Folder is not null)
        {
            MetricsFile.Write(Folder.MetricsPath, State.History);
            _events!.Write(State.History);
            SaveCheckpoint();
        }
    }

    private bool IsCheckpointDue => Stopwatch.GetElapsedTime(_saved) is var elapsed
        && elapsed >= _interval
        && (_interval == TimeSpan.Zero || elapsed >= WritesApart * _writing);

    // Where a weight is not finite, the checkpoint before stays: there is nothing to go on from in this one.
    private void SaveCheckpoint()
    {
        if (Folder is not null && _weights.AreFinite())
        {
            var begun = Stopwatch.GetTimestamp();
            Checkpoint<TNetwork, TOptions, TReport>.Write(Folder.CheckpointPath, Info, State, _weights.Named());
            (_saved, _writing) = (Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(begun));
        }
    }
}
