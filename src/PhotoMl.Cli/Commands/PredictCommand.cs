using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Imaging;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml predict</c>.</summary>
internal sealed class PredictCommand : ToolCommand
{
    private const int BatchSize = 64;

    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Argument<string[]> _paths =
        new("PATH") { Description = "Image files, and folders that are searched for them.", Arity = ArgumentArity.OneOrMore };
    private readonly ValueOption<int> _top =
        new("--top", "N", "How many of the most probable classes to print.", 3, Values.Between(1, 100_000));
    private readonly ValueOption<double?> _coverage = CommonOptions.Coverage(
        "Print prediction sets (one class, a short list, or unsure) that hold the true class for a fraction X of images, such as 0.95.");
    private readonly Option<bool> _tta = CommonOptions.TestTimeAugmentation("Average");
    private readonly ValueOption<ForegroundChoice> _foreground = CommonOptions.Foreground();
    private readonly ValueOption<Precision> _precision = CommonOptions.Precision();
    private readonly Option<bool> _csv =
        new("--csv") { Description = "Print CSV: path, label, probability, the next classes, error; with --coverage also set, unsure." };
    private readonly ValueOption<Shard?> _shard = new(
        "--shard", "I/N", "Predict part I of N only, in whole batches of 64; the parts' outputs in order are the whole. "
            + "auto reads it from Slurm or Kubernetes.",
        parse: Shard.Parse);
    private readonly ValueOption<int?> _shards = new(
        "--shards", "N", "--shard auto: the number of parts, where Kubernetes does not give it.", parse: Values.Between(1, Shard.Most));

    public PredictCommand()
        : base("predict")
    {
        Json.Description = "Print one line of JSON for each image.";
        AddAll(_model, _paths, _top, _coverage, _tta, _foreground, Threads, _precision, Json, _csv, _shard, _shards, Quiet);
    }

    public override int Run(ParseResult arguments, CliHost host)
    {
        var shard = Shard.Find(_shard.Read(arguments), _shards.Read(arguments), Environment.GetEnvironmentVariable);
        CheckNotBoth(arguments, Json, _csv);
        TorchSession.Start(Threads.Read(arguments));
        using var classifier = Classifier.Load(arguments.GetRequiredValue(_model), _precision.Read(arguments), arguments.GetValue(_tta));
        var options =
            new PredictionOptions { Coverage = _coverage.Read(arguments), Foreground = _foreground.Read(arguments), BatchSize = BatchSize };

        // A coverage that the model cannot give is refused before anything is written.
        classifier.PredictFiles([], options, host.CancellationToken);
        using var messages = new TaskProgress(host, arguments.GetValue(Quiet));
        var files = DatasetLoader.FindImages(arguments.GetRequiredValue(_paths), messages);
        var writer = new PredictionWriter(host.Out, files, classifier.Info.ClassNames, _top.Read(arguments), options.Coverage);
        Action<ImagePrediction> write = arguments.GetValue(Json) ? writer.WriteJson
            : arguments.GetValue(_csv) ? writer.WriteCsv
            : writer.WriteText;
        if (arguments.GetValue(_csv) && shard.Index == 1)
        {
            writer.WriteCsvHeader();
        }

        // Whole batches, for a network's sums may come out otherwise in a batch of another size.
        var batches = shard.Of([.. files.Chunk(BatchSize)]).ToArray();
        var (count, done, read) = (batches.Sum(batch => batch.Length), 0, 0);
        using (var line = new StatusLine(host, arguments.GetValue(Quiet)))
        {
            foreach (var batch in batches)
            {
                var predictions = classifier.PredictFiles(batch, options, host.CancellationToken);
                line.Clear();
                foreach (var prediction in predictions)
                {
                    write(prediction);
                    read += prediction.Problem is null ? 1 : 0;
                }

                done += batch.Length;
                line.Show(() => $"{done:N0} of {Text.Count(count, "image")}");
            }
        }

        if (read < count)
        {
            host.Error.WriteLine($"{count - read:N0} of {Text.Count(count, "image")} could not be read.");
        }

        return read > 0 || count == 0 ? ExitCode.Success : ExitCode.BadInput;
    }
}
