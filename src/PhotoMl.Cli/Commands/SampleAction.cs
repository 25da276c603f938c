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
        if (command.Separate.Read(arguments) is { } folder)
        {
            files.AddRange(WriteSeparate(generator, request, folder, arguments.GetValue(command.Quiet)));
        }

        if (command.Grid.Read(arguments) is { } grid)
        {
            files.Add(WriteGrid(generator, request, grid));
        }
        else if (files.Count == 0)
        {
            files.Add(WriteGrid(generator, request, UnusedName(request.Options.Seed)));
        }

        var summary = new SampleSummary(path, generator, request, files, clock.Elapsed, command.Separate.Read(arguments));
        summary.Write(host.Out, arguments.GetValue(command.Json), device, threads);
        return ExitCode.Success;
    }

    private string WriteGrid(LoadedGenerator generator, SampleRequest request, string path)
    {
        using var pixels = request.OtherSeed is { } other
            ? GeneratorSampler.Interpolate(generator.Model, request.Options, other)
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
            Parallel.For(0, (int)pixels.shape[0], i =>
            {
                using var one = pixels.narrow(0, i, 1);
                File.WriteAllBytes(paths[first + i], GeneratedPng.Encode(one, request.ReceiptOf(generator, first + i)));
            });
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

    private static string UnusedName(long seed) =>
        Enumerable.Range(2, 100_000).Select(number => $"sample-{seed}-{number}.png").Prepend($"sample-{seed}.png").First(path => !File.Exists(path));
}
