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
        if (ModelFile.ReadKind(path) == GeneratorInfo.GeneratorKind)
        {
            return new EvaluateGeneratorAction(command, host).Run(arguments, path);
        }

        if (FirstGiven(arguments, command.Classifier, command.Seed) is { } option)
        {
            throw new UsageException($"{option}: expected it with a generator only, but {path} is a classifier");
        }

        using var classifier = ModelSource.Load(path, command.Precision.Read(arguments));
        var quiet = arguments.GetValue(command.Quiet);
        var name = command.Data.Read(arguments) ?? TrainedOn(classifier.Info.Training, path);
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

    /// <summary>The first of some options that was given.</summary>
    internal static string? FirstGiven(ParseResult arguments, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            if (arguments.GetResult(option) is { Implicit: false })
            {
                return option.Name;
            }
        }

        return null;
    }

    private ClassificationReport Evaluate(ImageClassifier model, ImageDataset data, int batchSize, bool quiet)
    {
        using var line = new StatusLine(host, quiet);
        var progress = new SynchronousProgress<int>(done => line.Show(() => $"{done:N0} of {data.Count:N0} images"));
        return ClassifierEvaluator.Evaluate(model, data, batchSize, progress, host.CancellationToken);
    }

    /// <summary>The name of the data set that a model was trained on.</summary>
    /// <exception cref="InputException">The model does not say.</exception>
    internal static string TrainedOn(TrainingSummary? training, string path)
    {
        const string Half = " train";
        var data = training?.Data ?? throw new InputException(path, "a model that says what it was trained on, or --data", "neither");
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
            throw new InputException(data.Id, $"the model's {classes.Count} classes ({Text.Few(classes)})", $"{test.ClassNames.Count} ({Text.Few(test.ClassNames)})");
        }
    }

    private static object ToJson(string model, LoadedDataset data, ClassificationReport report) => new
    {
        Command = "evaluate",
        Model = model,
        Data = data.Id,
        report.Accuracy,
        AccuracyLow = report.AccuracyInterval.Low,
        AccuracyHigh = report.AccuracyInterval.High,
        report.BalancedAccuracy,
        report.Loss,
        report.Images,
        report.PerClass,
        ConfusionMatrix = report.Confusion.ToRows(),
    };
}
