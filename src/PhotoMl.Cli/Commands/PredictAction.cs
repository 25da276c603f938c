using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml predict</c> does.</summary>
internal sealed class PredictAction(PredictCommand command, CliHost host)
{
    private const int BatchSize = 64;

    public int Run(ParseResult arguments)
    {
        var shard = Shard.Read(command.ShardText.Read(arguments), command.Shards.Read(arguments), host.Variable);
        var format = (arguments.GetValue(command.Json), arguments.GetValue(command.Csv)) switch
        {
            (true, true) => throw new UsageException("--json and --csv: expected one of them."),
            (true, _) => PredictionFormat.Json,
            (_, true) => PredictionFormat.Csv,
            _ => PredictionFormat.Text,
        };
        TorchSession.Start(command.Threads.Read(arguments));
        using var classifier = Classifier.Load(arguments.GetRequiredValue(command.Model), command.Precision.Read(arguments));
        var options = new PredictionOptions { Coverage = command.Coverage.Read(arguments), Foreground = command.Foreground.Read(arguments), BatchSize = BatchSize };
        classifier.PredictFiles([], options, host.CancellationToken); // a coverage that the model cannot give is refused before anything is written
        var files = DatasetLoader.FindImages(arguments.GetRequiredValue(command.Paths));
        var writer = new PredictionWriter(
            host.Out, files, classifier.Info.ClassNames, command.Top.Read(arguments), format, options.Coverage);
        if (shard.Index == 1)
        {
            writer.WriteHeader();
        }

        // Whole batches, for a network's sums may come out otherwise in a batch of another size.
        var batches = shard.Of([.. files.Chunk(BatchSize)]).ToArray();
        var count = batches.Sum(batch => batch.Length);
        var read = 0;
        using (var line = new StatusLine(host, arguments.GetValue(command.Quiet)))
        {
            var done = 0;
            foreach (var batch in batches)
            {
                var predictions = classifier.PredictFiles(batch, options, host.CancellationToken);
                line.Clear();
                foreach (var prediction in predictions)
                {
                    writer.Write(prediction);
                    read += prediction.Problem is null ? 1 : 0;
                }

                done += batch.Length;
                line.Show(() => $"{done:N0} of {count:N0} images");
            }
        }

        if (read < count)
        {
            host.Error.WriteLine($"{count - read:N0} of {count:N0} could not be read.");
        }

        return read > 0 || count == 0 ? ExitCode.Success : ExitCode.BadInput;
    }
}
