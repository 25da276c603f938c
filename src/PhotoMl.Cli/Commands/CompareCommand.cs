using PhotoMl.Evaluation;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml compare</c>.</summary>
internal sealed class CompareCommand : ToolCommand
{
    private readonly Argument<string> _first = new("A") { Description = "A model file or a run folder." };
    private readonly Argument<string> _second = new("B") { Description = "Another one, with the same classes." };
    private readonly ValueOption<string?> _data =
        new("--data", "SET", "The data set to evaluate on. [default: the one of A's training]", alias: "-d");
    private readonly ValueOption<int?> _limit = CommonOptions.Limit("Use N test images only, drawn at random.");
    private readonly ValueOption<int> _show =
        new("--show", "N", "How many of the images on which they differ to list.", 10, Values.Between(0, 1_000_000));
    private readonly ValueOption<string?> _sheet =
        new("--sheet", "FILE.png", "Draw the images on which they differ.", parse: Values.EndingIn(".png"));
    private readonly ValueOption<Precision> _precision = CommonOptions.Precision();
    private readonly Option<bool> _csv = new("--csv") { Description = "Print all images on which they differ as CSV." };

    public CompareCommand()
        : base("compare")
    {
        Json.Description = "Print the result as one line of JSON, with all images on which they differ.";
        AddAll(_first, _second, _data, Transpose, _limit, _show, _sheet, Overwrite, Threads, _precision, CacheLimit, Json, _csv, Quiet);
    }

    public override int Run(ParseResult arguments, CliHost host)
    {
        CheckNotBoth(arguments, Json, _csv);
        TorchSession.Start(Threads.Read(arguments));
        using var first = Classifier.Load(arguments.GetRequiredValue(_first), _precision.Read(arguments));
        using var second = Classifier.Load(arguments.GetRequiredValue(_second), _precision.Read(arguments));
        var sheet = _sheet.Read(arguments);
        OutputCheck.Replaceable(_sheet, sheet, arguments.GetValue(Overwrite));
        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        var options = new EvaluationOptions
        {
            Limit = _limit.Read(arguments),
            Sheet = sheet,
            Loading = LoadingOf(arguments, host, progress),
            Messages = progress,
        };
        var result = Classifier.Compare(first, second, _data.Read(arguments), options, progress, host.CancellationToken);
        progress.Dispose();
        if (arguments.GetValue(_csv))
        {
            ComparisonText.WriteCsv(host.Out, result.Figures.Differences);
            return ExitCode.Success;
        }

        return Print(arguments, host, Document(first.ModelPath, second.ModelPath, result), () =>
            new ComparisonText(result, host.Width).Write(host.Out, first.ModelPath, second.ModelPath, _show.Read(arguments)));
    }

    /// <summary>What <c>compare --json</c> prints.</summary>
    private static object Document(string first, string second, EvaluationResult<ClassifierComparison> result)
    {
        var figures = result.Figures;
        return new
        {
            Command = "compare",
            result.Data,
            result.Split,
            figures.Images,
            First = Compared(first, figures.First),
            Second = Compared(second, figures.Second),
            figures.First.AbsentClasses,
            BothRight = figures.BothCorrect,
            figures.OnlyFirst,
            figures.OnlySecond,
            figures.BothWrong,
            figures.Difference,
            DifferenceLow = figures.DifferenceInterval.Low,
            DifferenceHigh = figures.DifferenceInterval.High,
            McnemarP = figures.P,
            Verdict = ComparisonText.Verdict(figures),
            Differences = figures.Differences.Select(image => new
            {
                image.Index,
                image.Path,
                image.Label,
                FirstLabel = image.First.Label,
                FirstProbability = image.First.Probability,
                SecondLabel = image.Second.Label,
                SecondProbability = image.Second.Probability,
            }),
        };

        static object Compared(string model, ClassificationReport report) => new
        {
            Model = model,
            report.Accuracy,
            AccuracyLow = report.AccuracyInterval.Low,
            AccuracyHigh = report.AccuracyInterval.High,
            report.BalancedAccuracy,
            report.Loss,
        };
    }
}
