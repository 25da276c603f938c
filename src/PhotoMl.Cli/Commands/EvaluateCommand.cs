using PhotoMl.Cli.Json;
using PhotoMl.Evaluation;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml evaluate</c>.</summary>
internal sealed class EvaluateCommand : ToolCommand
{
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly ValueOption<string?> _data =
        new("--data", "SET", "The data set to evaluate on. [default: the one of the model's training]", alias: "-d");
    private readonly ValueOption<int?> _limit = CommonOptions.Limit("Use N test images only, drawn at random.");
    private readonly ValueOption<int> _batchSize = new(
        "--batch-size", "N", "Classifier: images per batch.", ClassifierEvaluator.DefaultBatchSize, Values.Between(1, 65_536), "-b");
    private readonly ValueOption<double?> _coverage =
        CommonOptions.Coverage("Classifier: evaluate prediction sets with a target coverage of X too, such as 0.95.");
    private readonly Option<bool> _tta = CommonOptions.TestTimeAugmentation("Classifier: average");
    private readonly ValueOption<string?> _classifier = new(
        "--classifier", "MODEL", "Generator: the classifier whose features are used. [default: one is trained first]");
    private readonly ValueOption<long> _seed = new("--seed", "N", "Generator: the seed of the generated images.", 1);
    private readonly ValueOption<string?> _report =
        new("--report", "DIR", "Write DIR/report.html, one page with all figures, charts and pictures.");
    private readonly ValueOption<Precision> _precision = CommonOptions.Precision("; a generator's default is float32");

    public EvaluateCommand()
        : base("evaluate") =>
        AddAll(
            _model, _data, Transpose, _limit, _batchSize, _coverage, _tta, _classifier, _seed, _report, Overwrite, Threads, _precision,
            CacheLimit, Json, Quiet);

    public override int Run(ParseResult arguments, CliHost host)
    {
        TorchSession.Start(Threads.Read(arguments));
        var path = RunFolder.ModelPathOf(arguments.GetRequiredValue(_model));
        OutputCheck.Report(_report.Read(arguments), arguments.GetValue(Overwrite));
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var options = new EvaluationOptions
        {
            Coverage = _coverage.Read(arguments),
            BatchSize = _batchSize.Read(arguments),
            Limit = _limit.Read(arguments),
            Report = _report.Read(arguments),
            Loading = LoadingOf(arguments, host, progress),
            Messages = progress,
        };
        return Generator.IsGenerator(path)
            ? EvaluateGenerator(arguments, host, path, options, progress)
            : EvaluateClassifier(arguments, host, path, options, progress);
    }

    private int EvaluateClassifier(ParseResult arguments, CliHost host, string path, EvaluationOptions options, TaskProgress progress)
    {
        CheckNotGiven(arguments, $"with a generator only, but {path} is a classifier", _classifier, _seed);
        using var classifier = Classifier.Load(path, _precision.Read(arguments), arguments.GetValue(_tta));
        var result = classifier.Evaluate(_data.Read(arguments), options, progress, host.CancellationToken);
        progress.Dispose();
        return Print(arguments, host, new ClassifierEvaluationJson(path, result), () =>
            new EvaluationTables(result, host.Width).Write(host.Out, path));
    }

    private int EvaluateGenerator(ParseResult arguments, CliHost host, string path, EvaluationOptions options, TaskProgress progress)
    {
        CheckNotGiven(arguments, $"with a classifier only, but {path} is a generator", _coverage, _batchSize, _tta);
        using var generator = Generator.Load(path, _precision.IsGiven(arguments) ? _precision.Read(arguments) : Precision.Float32);
        var seed = _seed.Read(arguments);
        var result =
            generator.Evaluate(_data.Read(arguments), options, _classifier.Read(arguments), seed, progress, host.CancellationToken);
        progress.Dispose();
        return Print(arguments, host, new GeneratorEvaluationJson(generator, result, seed), () =>
            new GeneratorEvaluationText(generator, result, seed).Write(host.Out));
    }
}
