using System.CommandLine;
using System.Diagnostics;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.IO;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml sample</c> does.</summary>
internal sealed class SampleAction(SampleCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var threads = TorchSession.Start(command.Threads.Read(arguments));
        var path = RunFolder.ModelPathOf(arguments.GetRequiredValue(command.Model));
        using var generator = Generator.Load(path, command.Precision.Read(arguments));
        var request = SampleRequest.Read(command, arguments, path, generator.Info);

        var folder = command.OutputDir.Read(arguments);
        var grid = command.Grid.Read(arguments) ?? (folder is null ? UnusedPath.Png($"sample-{request.Options.Seed}") : null);
        var overwrite = arguments.GetValue(command.Overwrite);
        if (folder is not null)
        {
            OutputException.ThrowIfInput(folder, [path]);
            Array.ForEach([.. Generator.NamesOf(folder, request.Options)], file => OutputCheck.Unused(file, overwrite));
        }

        if (grid is not null)
        {
            OutputCheck.File(command.Grid, grid, overwrite, [path]);
        }

        var clock = Stopwatch.StartNew();
        using var line = new StatusLine(host, arguments.GetValue(command.Quiet));
        var progress = new SynchronousProgress<int>(done => line.Show(() => $"{done:N0} of {request.Options.Count:N0} images"));
        if (grid is not null)
        {
            generator.SampleGrid(grid, request.Options, request.Columns, request.Scale, request.OtherSeed, host.CancellationToken);
        }

        string[] files =
        [
            .. folder is null ? [] : generator.Sample(folder, request.Options, progress, host.CancellationToken),
            .. grid is null ? Array.Empty<string>() : [grid],
        ];
        line.Dispose();
        var summary = new SampleSummary(path, generator, request, files, clock.Elapsed, folder, grid);
        summary.Write(host.Out, arguments.GetValue(command.Json), threads);
        return ExitCode.Success;
    }
}
