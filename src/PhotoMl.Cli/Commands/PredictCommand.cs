using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Imaging;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml predict</c> takes.</summary>
internal sealed class PredictCommand : Command
{
    public PredictCommand()
        : base("predict", "Tell what images show.")
    {
        Add(Model);
        Add(Paths);
        Add(Top);
        Add(Coverage);
        Add(Foreground);
        Add(Threads);
        Add(Precision);
        Add(Json);
        Add(Csv);
        Add(ShardText);
        Add(Shards);
        Add(Quiet);
    }

    public Argument<string> Model { get; } = CommonOptions.Model();

    public Argument<string[]> Paths { get; } = new("PATH")
    {
        Description = "Image files, and folders that are searched for them.",
        Arity = ArgumentArity.OneOrMore,
    };

    public ValueOption<int> Top { get; } = new("--top", "N", "How many of the likeliest classes to name.", 3, Values.Int32Between(1, 100_000));

    public ValueOption<double?> Coverage { get; } = CommonOptions.Coverage(
        "Answer one class, a short list, or unsure, so that the true class is among those told in a share X of pictures like the validation images, such as 0.95.");

    public ValueOption<ForegroundChoice> Foreground { get; } = CommonOptions.Foreground();

    public ValueOption<int?> Threads { get; } = CommonOptions.Threads();

    public ValueOption<Precision> Precision { get; } = CommonOptions.Precision();

    public Option<bool> Json { get; } = CommonOptions.Json("Print one line of JSON an image.");

    public Option<bool> Csv { get; } = new("--csv") { Description = "Print a CSV file: path, label, probability, those of the next likeliest classes, error; with --coverage also set, unsure." };

    public ValueOption<string?> ShardText { get; } = new(
        "--shard", "I/N", "Do part I of N only, of whole batches of 64; the parts' outputs in turn are the whole. auto asks Slurm or Kubernetes.", null, Shard.Check);

    public ValueOption<int?> Shards { get; } = new("--shards", "N", "How many parts there are, where Kubernetes does not say.", null, text => Values.Int32Between(1, Shard.Most)(text));

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();
}
