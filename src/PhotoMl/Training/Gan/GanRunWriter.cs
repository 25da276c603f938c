using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Sampling;

namespace PhotoMl.Training;

/// <summary>Writes the model and the pictures of a generative run to its folder; without a folder it writes nothing.</summary>
internal sealed class GanRunWriter(
    RunFolder? run, RunInfo<DcganOptions, GanTrainingOptions> info, RunState<GanEpochReport> state, ImageDataset data)
{
    private const int GridRows = 8;
    private const int MostGridColumns = 10;
    private const int GridScale = 2;

    private readonly DcganOptions _network = info.Network;

    // Of a conditional generator each column is a class, where there are not too many.
    private readonly int _columns = info.Network.Classes is > 1 and <= MostGridColumns ? info.Network.Classes : GridRows;

    public string? KeptModel => File.Exists(run?.ModelPath) ? run.ModelPath : null;

    public void SaveGrid(DcganGenerator generator)
    {
        if (run is not null)
        {
            AtomicFile.CreateFolder(run.SamplesPath);
            var images = new SampleOptions { Seed = info.Options.Seed, Count = GridRows * _columns };
            using var pixels = GeneratorSampler.Sample(generator, images);
            AtomicFile.Write(run.SampleGridPath(state.Epoch), ImageGrid.EncodePng(pixels, _columns, GridScale));
        }
    }

    public void SaveProgress()
    {
        if (run is not null)
        {
            var grids = state.History.Select(epoch => (epoch.Epoch, run.SampleGridPath(epoch.Epoch))).ToList();
            ImageGrid.WriteProgress(
                run.ProgressPath, grids, GridRows * _columns, _columns, _network.Height * GridScale, _network.Width * GridScale);
        }
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
        Network = _network,
        ClassNames = data.ClassNames,
        Training = info.Summarize(data.Count, state.KeptEpoch),
    };
}
