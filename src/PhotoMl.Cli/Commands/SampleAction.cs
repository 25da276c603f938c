using System.CommandLine;
using System.Diagnostics;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.IO;
using PhotoMl.Models;
using PhotoMl.Sampling;
using static TorchSharp.torch;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml sample</c> does.</summary>
internal sealed class SampleAction(SampleCommand command, CliHost host)
{
    // Images of a folder are made and written so many at a time, whatever their number.
    private const int Piece = 1024;

    public int Run(ParseResult arguments)
    {
        var device = DeviceName.Resolve(command.Device.Read(arguments));
        var threads = TorchSession.Start(command.Threads.Read(arguments));
        var path = ModelSource.PathOf(arguments.GetRequiredValue(command.Model));
        using var generator = ModelSource.LoadGenerator(path, command.Precision.Read(arguments));
        var request = SampleRequest.Read(command, arguments, path, generator);

        var folder = command.Separate.Read(arguments);
        var grid = command.Grid.Read(arguments) ?? (folder is null ? UnusedPath.Png($"sample-{request.Options.Seed}") : null);
        var overwrite = arguments.GetValue(command.Overwrite);
        string[] separate = [];
        if (folder is not null)
        {
            separate = [.. Enumerable.Range(0, request.Options.Count).Select(index => Path.Combine(folder, $"{request.Options.Seed}-{index:D6}.png"))];
            Array.ForEach(separate, file => OutputCheck.Unused(file, overwrite));
            OutputCheck.Apart(command.Separate, folder, [path]);
            CreateFolder(folder);
        }

        if (grid is not null)
        {
            OutputCheck.File(command.Grid, grid, overwrite, [path]);
        }

        var clock = Stopwatch.StartNew();
        WriteSeparate(generator, request, separate, arguments.GetValue(command.Quiet));
        List<string> files = [.. separate];
        if (grid is not null)
        {
            files.Add(WriteGrid(generator, request, grid));
        }

        var summary = new SampleSummary(path, generator, request, files, clock.Elapsed, folder, grid);
        summary.Write(host.Out, arguments.GetValue(command.Json), device, threads);
        return ExitCode.Success;
    }

    private string WriteGrid(LoadedGenerator generator, SampleRequest request, string path)
    {
        using var pixels = request.OtherSeed is { } other
            ? GeneratorSampler.Interpolate(generator.Model, request.Options, other, host.CancellationToken)
            : GeneratorSampler.Sample(generator.Model, request.Options, cancellationToken: host.CancellationToken);
        Write(path, GeneratedPng.Encode(pixels, request.GridReceipt(generator)));
        return path;
    }

    private void WriteSeparate(LoadedGenerator generator, SampleRequest request, string[] paths, bool quiet)
    {
        var count = paths.Length;
        using var line = new StatusLine(host, quiet);
        for (var start = 0; start < count; start += Piece)
        {
            using var pixels = GeneratorSampler.Sample(
                generator.Model, request.Options with { First = start, Count = Math.Min(Piece, count - start) }, cancellationToken: host.CancellationToken);
            var first = start;
            var encoded = new byte[pixels.shape[0]][];
            Parallel.For(0, (int)pixels.shape[0], new ParallelOptions { CancellationToken = host.CancellationToken }, i =>
            {
                using var one = pixels.narrow(0, i, 1);
                encoded[i] = GeneratedPng.Encode(one, request.ReceiptOf(generator, first + i));
            });
            for (var i = 0; i < encoded.Length; i++)
            {
                Write(paths[first + i], encoded[i], flush: false); // waiting for the disk after each of many small files takes longer than making them
            }

            line.Show(() => $"{Math.Min(first + Piece, count):N0} of {count:N0} images");
        }
    }

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(folder, "a folder that can be written", File.Exists(folder) ? "a file" : exception.Message.TrimEnd('.'));
        }
    }

    private static void Write(string path, byte[] content, bool flush = true) => AtomicFile.Write(path, stream => stream.Write(content), flush);
}
