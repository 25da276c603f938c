using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Sampling;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>Writes the model and the pictures of a generative run to its folder; without a folder it writes nothing.</summary>
internal sealed class GanRunWriter(RunFolder? run, GanCheckpointInfo info, GanState state, ImageDataset data)
{
    private const int GridRows = 8;
    private const int MostGridColumns = 10;
    private const int GridScale = 2;

    public string? KeptModel => File.Exists(run?.ModelPath) ? run.ModelPath : null;

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

    public void SaveProgress()
    {
        if (run is null)
        {
            return;
        }

        var columns = GridColumns(info.Network);
        var grids = state.History.Select(epoch => (epoch.Epoch, run.SampleGridPath(epoch.Epoch))).ToList();
        ImageGrid.WriteProgress(run.ProgressPath, grids, GridRows * columns, columns, info.Network.Height * GridScale, info.Network.Width * GridScale);
    }

    public void SaveModel(DcganGenerator generator)
    {
        if (run is not null)
        {
            GeneratorFile.Save(run.ModelPath, generator, DescribeModel());
        }
    }

    public GeneratorInfo DescribeModel() => new()
    {
        Network = info.Network,
        ClassNames = data.ClassNames,
        Training = info.Summarize(data.Count, state.HealthyEpoch, info.Options.Seed, info.Options),
    };

    // Of a conditional generator each column is a class, where there are not too many.
    private static int GridColumns(DcganOptions network) => network.Classes is > 1 and <= MostGridColumns ? network.Classes : GridRows;
}
