using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-gan</c> says at the end.</summary>
internal sealed class TrainGanSummary(GeneratorRun run, GanTrainingResult result)
{
    /// <summary>Writes it for people or for programs.</summary>
    public void Write(TextWriter output, bool asJson)
    {
        if (asJson)
        {
            JsonLine.Write(output, ToJson());
            return;
        }

        var training = result.Info.Training!;
        var kept = result.History[result.KeptEpoch - 1];
        output.WriteLine($"Trained     {Text.Count(result.History.Count, "epoch")} on {result.TrainImages:N0} images of {Text.Printable(run.Title)} in {Text.Duration(result.Duration)}");
        output.WriteLine($"Speed       {result.ImagesPerSecond:N0} images/s in {Values.Word(training.Precision)} with {Text.Count(training.Threads, "thread")}");
        output.WriteLine($"Kept        epoch {result.KeptEpoch}, diversity {kept.Diversity:F2} of real images'{(kept.IsCollapsed ? ", collapsed" : "")}");
        output.WriteLine($"Pictures    {Text.Printable(run.Folder.SamplesPath)}");
        output.WriteLine($"Model       {Text.Printable(run.Folder.ModelPath)}");
        output.WriteLine($"Make more   {Cli.Name} sample {ShellWord.Quote(run.Folder.Path)}");
        output.WriteLine($"Evaluate it {Cli.Name} evaluate {ShellWord.Quote(run.Folder.Path)}");
    }

    private object ToJson()
    {
        var training = result.Info.Training!;
        return new
        {
            Command = TrainGanCommand.CommandName,
            Model = run.Folder.ModelPath,
            Data = run.Data,
            Epochs = result.History.Count,
            result.TrainImages,
            Seconds = result.Duration.TotalSeconds,
            result.ImagesPerSecond,
            result.History[^1].GeneratorLoss,
            result.History[^1].DiscriminatorLoss,
            training.Seed,
            Device = Cli.Cpu,
            Precision = Values.Word(training.Precision),
            training.Threads,
            result.KeptEpoch,
            result.History[result.KeptEpoch - 1].Diversity,
        };
    }
}
