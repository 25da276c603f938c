using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml evaluate</c> does.</summary>
internal sealed class EvaluateAction(EvaluateCommand command, CliHost host)
{
    // Which images a limit takes is the same for every model, so that their results compare.
    private const long LimitSeed = 1;

    public int Run(ParseResult arguments)
    {
        DeviceName.Resolve(command.Device.Read(arguments));
        TorchSession.Start(command.Threads.Read(arguments));
        var path = ModelSource.PathOf(arguments.GetRequiredValue(command.Model));
        using var classifier = ModelSource.Load(path, command.Precision.Read(arguments));
        var quiet = arguments.GetValue(command.Quiet);
        var name = command.Data.Read(arguments) ?? TrainedOn(classifier.Info, path);
        using var data = DataSource.Load(name, DatasetSplits.Test, host, quiet);
        CheckFits(classifier, data);

        using var some = command.Limit.Read(arguments) is { } limit ? data.Test.Select(SeededSubset.Take(data.Test.Count, limit, LimitSeed)) : null;
        var report = Evaluate(classifier.Model, some ?? data.Test, command.BatchSize.Read(arguments), quiet);
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, ToJson(path, data, report));
        }
        else
        {
            new EvaluationTables(report, host.Width).Write(host.Out, path, data.Title);
        }

        return ExitCode.Success;
    }

    private ClassificationReport Evaluate(ConvClassifier model, ImageDataset data, int batchSize, bool quiet)
    {
        using var line = new StatusLine(host, quiet);
        var progress = new SynchronousProgress<int>(done => line.Show(() => $"{done:N0} of {data.Count:N0} images"));
        return ClassifierEvaluator.Evaluate(model, data, batchSize, progress, host.CancellationToken);
    }

    private static string TrainedOn(ClassifierInfo info, string path)
    {
        const string Half = " train";
        var data = info.Training?.Data ?? throw new InputException(path, "a model that says what it was trained on, or --data", "neither");
        return data.EndsWith(Half, StringComparison.Ordinal) ? data[..^Half.Length] : data;
    }

    private static void CheckFits(LoadedClassifier classifier, LoadedDataset data)
    {
        var (network, test) = (classifier.Model.Options, data.Test);
        if ((test.Channels, test.Height, test.Width) != (network.Channels, network.Height, network.Width))
        {
            throw new InputException(
                data.Id,
                $"images of {network.Channels}x{network.Height}x{network.Width} (channels, height, width) as the model takes",
                $"{test.Channels}x{test.Height}x{test.Width}");
        }

        var isNamed = DatasetCatalog.Default.Find(data.Id) is not null;
        var classes = classifier.Info.ClassNames;
        if (test.ClassNames.Count != classes.Count || (isNamed && !test.ClassNames.SequenceEqual(classes)))
        {
            throw new InputException(data.Id, $"the model's {classes.Count} classes ({Few(classes)})", $"{test.ClassNames.Count} ({Few(test.ClassNames)})");
        }
    }

    private static string Few(IReadOnlyList<string> names) => string.Join(", ", names.Take(3)) + (names.Count > 3 ? ", ..." : "");

    private static object ToJson(string model, LoadedDataset data, ClassificationReport report) => new
    {
        Command = "evaluate",
        Model = model,
        Data = data.Id,
        report.Accuracy,
        AccuracyLow = report.AccuracyInterval.Low,
        AccuracyHigh = report.AccuracyInterval.High,
        report.Loss,
        report.Images,
        report.PerClass,
        ConfusionMatrix = report.Confusion.ToRows(),
    };
}
