using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Models;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml sample</c> says at the end.</summary>
internal sealed class SampleSummary(
    string model, Generator generator, SampleRequest request, IReadOnlyList<string> files, TimeSpan duration, string? folder, string? grid)
{
    /// <summary>Writes it for people or for programs.</summary>
    public void Write(TextWriter output, bool asJson, int threads)
    {
        if (asJson)
        {
            JsonLine.Write(output, ToJson(threads));
            return;
        }

        var what = request.ClassName is { } name ? $"images of {Text.Printable(name)}" : "images";
        output.WriteLine($"Made   {request.Options.Count:N0} {what} in {Text.Duration(duration)}");
        if (folder is not null)
        {
            output.WriteLine($"Files  {Text.Printable(folder)}");
        }

        if (grid is not null)
        {
            output.WriteLine($"Grid   {Text.Printable(grid)}, {Text.Count((request.Options.Count + request.Columns - 1) / request.Columns, "row")} and {Text.Count(request.Columns, "column")}");
        }
    }

    private object ToJson(int threads) => new
    {
        Command = SampleCommand.CommandName,
        Model = model,
        ModelHash = generator.Hash,
        request.Options.Count,
        request.Options.Seed,
        request.OtherSeed,
        Class = request.ClassName,
        Truncation = double.IsFinite(request.Options.Truncation) ? (double?)request.Options.Truncation : null,
        Files = files,
        Seconds = duration.TotalSeconds,
        ImagesPerSecond = request.Options.Count / Math.Max(duration.TotalSeconds, 1e-9),
        Device = Cli.Cpu,
        Precision = Values.Word(generator.Model.Precision),
        Threads = threads,
    };
}
