using System.Diagnostics;
using PhotoMl.Data;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>A run under way: what it is, where it stands, its tensors, and the folder it is written to; without a folder nothing is written.</summary>
internal sealed class TrainingRun<TInfo, TState>(TState state, RunWeights weights, TInfo? info, string? checkpointPath)
    where TInfo : CheckpointInfo
    where TState : RunState
{
    private string? _checkpointPath = checkpointPath is null ? null : Path.GetFullPath(checkpointPath);
    private RunFolder? _folder;
    private EventLog? _events;
    private TimeSpan _interval;
    private long _saved;

    public TInfo? Info { get; private set; } = info;

    public TInfo Begin(RunFolder? folder, ImageDataset data, TInfo wanted, TimeSpan interval)
    {
        var path = folder is null ? _checkpointPath : Path.GetFullPath(folder.CheckpointPath);
        if (path != _checkpointPath && File.Exists(path))
        {
            throw new InvalidOperationException($"Expected a folder without a run but {folder!.Path} holds one; the trainer's Resume goes on with it.");
        }

        if (Info is not null && Info.DataFingerprint != wanted.DataFingerprint)
        {
            throw new ArgumentException($"Expected the images the run began with, {Info.Data}, but got other images: {data.Name}.", nameof(data));
        }

        (Info, _checkpointPath, _folder) = (Info ?? wanted, path, folder);
        _events = folder is null ? null : new EventLog(folder);
        _interval = interval;
        SaveCheckpoint();
        return Info;
    }

    /// <summary>Makes the steps that are left of the epoch. Cancelled, it writes a checkpoint after the step under way.</summary>
    public void RunSteps(int steps, nn.Module[] networks, Func<string?> step, Action<string?> report, CancellationToken cancellationToken)
    {
        Array.ForEach(networks, network => network.train());
        try
        {
            var leftovers = 0;
            while (state.Step < steps)
            {
                var clock = Stopwatch.StartNew();
                var message = step();
                state.AddStep(clock.Elapsed.TotalSeconds);
                NativeLeftovers.ReleaseSometimes(ref leftovers);
                report(message);
                if (cancellationToken.IsCancellationRequested)
                {
                    SaveCheckpoint();
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (Stopwatch.GetElapsedTime(_saved) >= _interval)
                {
                    SaveCheckpoint();
                }
            }
        }
        finally
        {
            Array.ForEach(networks, network => network.eval());
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
        if (_folder is not null)
        {
            MetricsFile.Write(_folder.MetricsPath, state.Reports);
            _events!.Write(state.Reports);
            SaveCheckpoint();
        }
    }

    // Where a weight is not finite, the checkpoint before stays: there is nothing to go on from in this one.
    private void SaveCheckpoint()
    {
        if (_folder is not null && weights.AreFinite())
        {
            Checkpoint<TInfo, TState>.Write(_folder.CheckpointPath, Info!, state, weights.Named());
            _saved = Stopwatch.GetTimestamp();
        }
    }
}
