namespace PhotoMl.Tests.Training;

/// <summary>A run that is stopped again and again, and each time resumed from its folder by a new trainer.</summary>
/// <param name="stops">After which steps it is stopped, counted over the whole run.</param>
/// <param name="cancel">Whether it is cancelled, after which there is a checkpoint of the step; or killed by an exception out of the
/// report, after
/// which there is none.</param>
internal sealed class StoppedRun(int[] stops, bool cancel)
{
    private readonly Queue<int> _left = new(stops);
    private Action _cancelTrainer = () => { };

    public void AfterStep(ClassifierProgress report) =>
        AfterStep(report.Completed is not null, ((report.Epoch - 1) * report.StepsPerEpoch) + report.Step);

    public void AfterStep(GanProgress report) =>
        AfterStep(report.Completed is not null, ((report.Epoch - 1) * report.StepsPerEpoch) + report.Step);

    /// <summary>Trains until the run has ended.</summary>
    /// <param name="path">The folder of the run.</param>
    /// <param name="readSteps">Reads the steps done, counted over the whole run, from a checkpoint.</param>
    /// <param name="train">Trains in a folder, resuming the run there if it is true.</param>
    public T Train<T>(string path, Func<string, int> readSteps, Func<RunFolder, bool, CancellationToken, T> train)
    {
        var resumedAt = new List<int>();
        while (true)
        {
            using var source = new CancellationTokenSource();
            _cancelTrainer = source.Cancel;
            using var run = Directory.Exists(path) ? RunFolder.Open(path) : RunFolder.Create(path);
            var resumes = File.Exists(run.CheckpointPath);
            if (_left.Count < stops.Length)
            {
                resumedAt.Add(readSteps(run.CheckpointPath));
            }

            try
            {
                var result = train(run, resumes, source.Token);
                Assert.Empty(_left);
                Assert.Equal(stops.Select(stop => cancel ? stop : stop - 1), resumedAt); // a kill costs the step that was under way
                return result;
            }
            catch (Exception exception) when (exception is KilledException or OperationCanceledException)
            {
            }
        }
    }

    private void AfterStep(bool isEndOfEpoch, int done)
    {
        if (!isEndOfEpoch && _left.TryPeek(out var stop) && done >= stop)
        {
            _left.Dequeue();
            _cancelTrainer();
            if (!cancel)
            {
                throw new KilledException();
            }
        }
    }

    private sealed class KilledException : Exception;
}
