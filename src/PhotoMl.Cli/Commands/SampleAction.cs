using System.CommandLine;
using System.Diagnostics;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
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

        var clock = Stopwatch.StartNew();
        var files = new List<string>();
        var folder = command.Separate.Read(arguments);
        if (folder is not null)
        {
            files.AddRange(WriteSeparate(generator, request, folder, arguments.GetValue(command.Quiet)));
        }

        var grid = command.Grid.Read(arguments) ?? (folder is null ? UnusedPath.Png($"sample-{request.Options.Seed}") : null);
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

    private string[] WriteSeparate(LoadedGenerator generator, SampleRequest request, string folder, bool quiet)
    {
        CreateFolder(folder);
        var count = request.Options.Count;
        var paths = Enumerable.Range(0, count).Select(index => Path.Combine(folder, $"{request.Options.Seed}-{index:D6}.png")).ToArray();
        using var line = new StatusLine(host, quiet);
        for (var start = 0; start < count; start += Piece)
        {
            using var pixels = GeneratorSampler.Sample(
                generator.Model, request.Options with { First = start, Count = Math.Min(Piece, count - start) }, cancellationToken: host.CancellationToken);
            var first = start;
            var encoded = new byte[pixels.shape[0]][];
            Parallel.For(0, (int)pixels.shape[0], i =>
            {
                using var one = pixels.narrow(0, i, 1);
                encoded[i] = GeneratedPng.Encode(one, request.ReceiptOf(generator, first + i));
            });
            for (var i = 0; i < encoded.Length; i++)
            {
                WriteUnflushed(paths[first + i], encoded[i]);
            }

            line.Show(() => $"{Math.Min(first + Piece, count):N0} of {count:N0} images");
        }

        return paths;
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

    private static void Write(string path, byte[] content) => AtomicFile.Write(path, stream => stream.Write(content));

    // Waiting for the disk after each of many small files would take longer than making them.
    private static void WriteUnflushed(string path, byte[] content)
    {
        var temporary = path + ".tmp";
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var found = Directory.Exists(path) ? "a folder" : exception.Message.ReplaceLineEndings(" ").Split(" : '")[0].TrimEnd('.', ' ');
            File.Delete(temporary);
            throw new InputException(path, "a file that can be written", found);
        }
    }
}
