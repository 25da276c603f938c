using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Sampling;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Writes a generative run to its folder; without a folder it writes nothing.</summary>
internal sealed class GanRunWriter(RunFolder? run, GanCheckpointInfo info, GanState state, GanWeights weights, ImageDataset data, TimeSpan interval)
{
    private const int GridRows = 8;
    private const int MostGridColumns = 10;
    private const int GridScale = 2;

    private readonly CheckpointTimer _timer = new(interval, TimeProvider.System);
    private readonly EventLog? _events = run is null ? null : new EventLog(run);

    /// <summary>Where the last healthy model is; null before there is one.</summary>
    public string? KeptModel => File.Exists(run?.ModelPath) ? run.ModelPath : null;

    /// <summary>Writes a checkpoint, unless the weights are no longer finite: then the one before stays.</summary>
    public void SaveCheckpoint()
    {
        if (run is null || !weights.AreFinite())
        {
            return;
        }

        state.GeneratorOptimizerSteps = weights.GeneratorOptimizer.Steps;
        state.DiscriminatorOptimizerSteps = weights.DiscriminatorOptimizer.Steps;
        Checkpoint<GanCheckpointInfo, GanState>.Write(run.CheckpointPath, info, state, weights.Named());
        _timer.Restart();
    }

    /// <summary>Writes a checkpoint if the last one is old enough.</summary>
    public void SaveCheckpointIfDue()
    {
        if (_timer.IsDue)
        {
            SaveCheckpoint();
        }
    }

    /// <summary>Writes the pictures of the epoch under way, the same random numbers every time.</summary>
    public void SaveGrid(DcganGenerator generator)
    {
        if (run is null)
        {
            return;
        }

        var columns = GridColumns(info.Network);
        using var scope = NewDisposeScope();
        var pixels = GeneratorSampler.Sample(generator, new SampleOptions { Seed = info.Options.Seed, Count = GridRows * columns });
        Directory.CreateDirectory(run.SamplesPath);
        ImageGrid.WritePng(run.SampleGridPath(state.Epoch), pixels.bytes, info.Network.Channels, info.Network.Height, info.Network.Width, columns, GridScale);
    }

    /// <summary>Writes one picture of how the pictures of all epochs came to be.</summary>
    public void SaveProgress()
    {
        if (run is null)
        {
            return;
        }

        var columns = GridColumns(info.Network);
        var grids = state.History.Select(epoch => (epoch.Epoch, run.SampleGridPath(epoch.Epoch))).ToList();
        ProgressSheet.WritePng(run.ProgressPath, grids, GridRows * columns, columns, info.Network.Height * GridScale, info.Network.Width * GridScale);
    }

    /// <summary>Writes the model with the last healthy weights.</summary>
    public void SaveModel()
    {
        if (run is not null)
        {
            GeneratorFile.Save(run.ModelPath, weights.Healthy, DescribeModel());
        }
    }

    /// <summary>Writes what the epochs so far gave, and a checkpoint.</summary>
    public void SaveEpoch()
    {
        run?.WriteMetrics(state.History);
        _events?.Write(state.History);
        SaveCheckpoint();
    }

    /// <summary>Says what a model file stores beside the weights.</summary>
    public GeneratorInfo DescribeModel() => new()
    {
        Network = info.Network,
        ClassNames = data.ClassNames,
        Training = info.Summarize(data.Count, state.HealthyEpoch, info.Options.Seed, info.Options),
    };

    // Of a conditional generator each column is a class, where there are not too many.
    private static int GridColumns(DcganOptions network) => network.Classes is > 1 and <= MostGridColumns ? network.Classes : GridRows;
}
