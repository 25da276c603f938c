using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Quality;
using PhotoMl.Reporting;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml evaluate</c> does.</summary>
internal sealed class EvaluateAction(EvaluateCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        DeviceName.Resolve(command.Device.Read(arguments));
        TorchSession.Start(command.Threads.Read(arguments));
        var path = ModelSource.PathOf(arguments.GetRequiredValue(command.Model));
        if (ModelFile.ReadKind(path) == GeneratorInfo.GeneratorKind)
        {
            if (command.Coverage.IsGiven(arguments))
            {
                throw new UsageException($"{command.Coverage.Name}: expected it with a classifier only, but {path} is a generator");
            }

            return new EvaluateGeneratorAction(command, host).Run(arguments, path);
        }

        if (FirstGiven(arguments, command.Classifier, command.Seed) is { } option)
        {
            throw new UsageException($"{option}: expected it with a generator only, but {path} is a classifier");
        }

        using var classifier = ModelSource.Load(path, command.Precision.Read(arguments));
        var coverage = command.Coverage.Read(arguments);
        SetSource.Of(classifier, path, coverage); // before any image is read
        var quiet = arguments.GetValue(command.Quiet);
        var name = command.Data.Read(arguments) ?? TrainedOn(classifier.Info.Training, path);
        PrepareReport(command, arguments, [path, .. DataSource.InputsOf(name, host.DataOptions())]);
        var cacheLimit = CommonOptions.ToBytes(command.CacheLimit.Read(arguments));
        using var data = EvaluationData.Load(classifier, name, isItsOwn: command.Data.Read(arguments) is null, host, quiet, cacheLimit);
        using var judged = EvaluationData.Choose(data, classifier);
        using var some = judged.Draw(command.Limit.Read(arguments)) is { } drawn ? judged.Images.Select(drawn) : null;
        if (judged.Remark is { } remark)
        {
            host.Error.WriteLine(Text.Printable(remark));
        }

        var batchSize = command.BatchSize.Read(arguments);
        var content = command.Report.IsGiven(arguments) ? JudgeForReport(classifier, some ?? judged.Images, coverage, batchSize, quiet) : null;
        var report = content?.Report ?? Evaluate(classifier, some ?? judged.Images, coverage, batchSize, quiet);
        var page = content is null ? null : WriteReport(command.Report.Read(arguments)!, content, path, classifier, data, judged, quiet);
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, ToJson(path, data, judged, report, page));
        }
        else
        {
            new EvaluationTables(report, host.Width).Write(host.Out, Text.Printable(path), $"{Text.Printable(data.Title)}, {report.Report.Images:N0} {judged.What}");
            if (page is not null)
            {
                host.Out.WriteLine($"\nReport    {Text.Printable(page)}");
            }
        }

        return ExitCode.Success;
    }

    /// <summary>Makes the folder of a report, where one was asked for.</summary>
    internal static void PrepareReport(EvaluateCommand command, ParseResult arguments, IEnumerable<string> inputs)
    {
        if (command.Report.Read(arguments) is { } folder)
        {
            var page = Path.Combine(folder, ReportFolder.PageName);
            OutputCheck.Apart(command.Report, page, inputs);
            OutputCheck.Unused(page, arguments.GetValue(command.Overwrite));
            ReportFolder.Prepare(folder);
        }
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

    private CalibratedReport Evaluate(LoadedClassifier classifier, ImageDataset data, double? coverage, int batchSize, bool quiet)
    {
        using var line = new StatusLine(host, quiet);
        var progress = new SynchronousProgress<int>(done => line.Show(() => $"{done:N0} of {data.Count:N0} images"));
        return ClassifierEvaluator.Evaluate(classifier, data, coverage, batchSize, progress, host.CancellationToken);
    }

    private ClassifierReportContent JudgeForReport(LoadedClassifier classifier, ImageDataset images, double? coverage, int batchSize, bool quiet)
    {
        using var line = new StatusLine(host, quiet);
        var progress = new SynchronousProgress<int>(done => line.Show(() => $"{done:N0} of {images.Count:N0} images"));
        return ClassifierReporter.Judge(classifier, images, new ReportOptions { Coverage = coverage, BatchSize = batchSize }, progress, host.CancellationToken);
    }

    private string WriteReport(
        string folder, ClassifierReportContent content, string path, LoadedClassifier classifier, LoadedDataset data, EvaluationData judged, bool quiet)
    {
        var problems = data.IsPhotos ? PhotoSurvey.Run(PhotoList.Open(data.Id), host, quiet).Warnings : DatasetCheck.Run(data.Id, host.DataOptions(), host.CancellationToken).Warnings;
        return ClassifierReportPage.Write(folder, ReportFacts.Complete(content, path, classifier, data, judged, problems));
    }

    /// <summary>The name of the data set that a model was trained on.</summary>
    /// <exception cref="InputException">The model does not say, or only by a path that may mean another folder now.</exception>
    internal static string TrainedOn(TrainingSummary? training, string path)
    {
        const string Half = " train";
        var data = training?.Data ?? throw new InputException(path, "a model that says what it was trained on, or --data", "neither");
        var name = data.EndsWith(Half, StringComparison.Ordinal) ? data[..^Half.Length] : data;
        return Path.IsPathFullyQualified(name) || DatasetCatalog.Default.Find(name) is not null
            ? name
            : throw new InputException(path, "a model that names what it was trained on by its full path, or --data", $"'{name}'");
    }

    private static object ToJson(string model, LoadedDataset data, EvaluationData judged, CalibratedReport calibrated, string? page)
    {
        var report = calibrated.Report;
        return new
        {
            Command = "evaluate",
            Model = model,
            Data = data.Id,
            judged.Split,
            report.Accuracy,
            AccuracyLow = report.AccuracyInterval.Low,
            AccuracyHigh = report.AccuracyInterval.High,
            report.BalancedAccuracy,
            report.Loss,
            report.Images,
            report.PerClass,
            ConfusionMatrix = report.Confusion.ToRows(),
            calibrated.Temperature,
            CalibrationError = calibrated.Calibration.Error,
            CalibrationErrorBefore = calibrated.Uncalibrated.Error,
            Reliability = calibrated.Calibration.Bins,
            Sets = calibrated.Sets,
            ReportPage = page,
        };
    }
}
