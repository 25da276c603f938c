using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Evaluation;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml evaluate</c> takes.</summary>
internal sealed class EvaluateCommand : Command
{
    public EvaluateCommand()
        : base("evaluate", "Judge a classifier or a generator by the test images of a data set.")
    {
        Add(Model);
        Add(Data);
        Add(Limit);
        Add(BatchSize);
        Add(Coverage);
        Add(Classifier);
        Add(Seed);
        Add(Report);
        Add(Overwrite);
        Add(Threads);
        Add(Precision);
        Add(CacheLimit);
        Add(Json);
        Add(Quiet);
    }

    public Argument<string> Model { get; } = CommonOptions.Model();

    public ValueOption<string?> Data { get; } = CommonOptions.Data("What to judge by. [default: what the model was trained on]");

    public ValueOption<int?> Limit { get; } = CommonOptions.Limit("Use so many of the test images only, drawn at random.");

    public ValueOption<int> BatchSize { get; } =
        new("--batch-size", "N", "Images per batch.", ClassifierEvaluator.DefaultBatchSize, Values.Int32Between(1, 65_536)) { Aliases = { "-b" } };

    public ValueOption<double?> Coverage { get; } = CommonOptions.Coverage("Judge a classifier's sets of possible classes too, whose true class is to be among them in a share X of images, such as 0.95.");

    public ValueOption<string?> Classifier { get; } =
        new("--classifier", "MODEL", "The classifier that judges a generator. [default: one is trained on the spot]", null, Values.ToText);

    public ValueOption<long> Seed { get; } = new("--seed", "N", "The seed of the images a generator is judged by.", 1, Values.ToInt64);

    public ValueOption<string?> Report { get; } = new("--report", "DIR", "Write report.html, one page with all figures, charts and pictures, there.", null, Values.ToText);

    public Option<bool> Overwrite { get; } = CommonOptions.Overwrite();

    public ValueOption<int?> Threads { get; } = CommonOptions.Threads();

    public ValueOption<Precision> Precision { get; } = new(
        "--precision",
        "FORMAT",
        $"The number format: {Values.Words<Precision>()}; a generator's is float32 where it is not given.",
        Runtime.Precision.Auto,
        Values.ToWord<Precision>);

    public ValueOption<double> CacheLimit { get; } = CommonOptions.CacheLimit();

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();
}
