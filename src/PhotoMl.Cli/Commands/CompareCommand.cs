using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml compare</c> takes.</summary>
internal sealed class CompareCommand : Command
{
    private const int MostShown = 1_000_000;

    public CompareCommand()
        : base("compare", "Tell which of two classifiers is better, and where they differ.")
    {
        Add(First);
        Add(Second);
        Add(Data);
        Add(Limit);
        Add(Show);
        Add(Sheet);
        Add(Overwrite);
        Add(Threads);
        Add(Precision);
        Add(CacheLimit);
        Add(Json);
        Add(Csv);
        Add(Quiet);
    }

    public Argument<string> First { get; } = new("A") { Description = "A model file or a run folder." };

    public Argument<string> Second { get; } = new("B") { Description = "Another one, of the same classes." };

    public ValueOption<string?> Data { get; } = CommonOptions.Data("What to judge by. [default: what A was trained on]");

    public ValueOption<int?> Limit { get; } = CommonOptions.Limit("Use so many of the test images only, drawn at random.");

    public ValueOption<int> Show { get; } = new("--show", "N", "How many of the images to list on which they differ.", 10, Values.Int32Between(0, MostShown));

    public ValueOption<string?> Sheet { get; } = new("--sheet", "FILE.png", "Draw the images on which they differ.", null, Values.ToPng);

    public Option<bool> Overwrite { get; } = CommonOptions.Overwrite();

    public ValueOption<int?> Threads { get; } = CommonOptions.Threads();

    public ValueOption<Precision> Precision { get; } = CommonOptions.Precision();

    public ValueOption<double> CacheLimit { get; } = CommonOptions.CacheLimit();

    public Option<bool> Json { get; } = CommonOptions.Json("Print the result as one line of JSON, with all images on which they differ.");

    public Option<bool> Csv { get; } = new("--csv") { Description = "Print all images on which they differ as a CSV file." };

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();
}
