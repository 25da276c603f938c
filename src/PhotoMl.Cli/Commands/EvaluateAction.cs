using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Evaluation;
using PhotoMl.Models;
using PhotoMl.Reporting;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml evaluate</c> does.</summary>
internal sealed class EvaluateAction(EvaluateCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        TorchSession.Start(command.Threads.Read(arguments));
        var path = RunFolder.ModelPathOf(arguments.GetRequiredValue(command.Model));
        if (Generator.IsGenerator(path))
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

        using var classifier = Classifier.Load(path, command.Precision.Read(arguments));
        var quiet = arguments.GetValue(command.Quiet);
        using var progress = new TaskProgress(host, quiet);
        var options = ReadOptions(arguments, progress);
        var result = classifier.Evaluate(command.Data.Read(arguments), options, progress, host.CancellationToken);
        progress.Dispose();
        if (arguments.GetValue(command.Json))
        {
            JsonLine.Write(host.Out, ToJson(path, result));
        }
        else
        {
            var figures = result.Figures;
            new EvaluationTables(figures, host.Width).Write(host.Out, Text.Printable(path), $"{Text.Printable(result.Title)}, {figures.Report.Images:N0} {result.Images}");
            if (result.Output is { } page)
            {
                host.Out.WriteLine($"\nReport    {Text.Printable(page)}");
            }
        }

        return ExitCode.Success;
    }

    private EvaluationOptions ReadOptions(ParseResult arguments, TaskProgress progress)
    {
        var report = command.Report.Read(arguments);
        if (report is not null)
        {
            OutputCheck.Unused(Path.Combine(report, "report.html"), arguments.GetValue(command.Overwrite));
        }

        return new EvaluationOptions
        {
            Coverage = command.Coverage.Read(arguments),
            BatchSize = command.BatchSize.Read(arguments),
            Limit = command.Limit.Read(arguments),
            Report = report,
            Loading = progress.Show(host.DataOptions()) with { CacheLimit = CommonOptions.ToBytes(command.CacheLimit.Read(arguments)) },
            Messages = progress,
        };
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

    private static object ToJson(string model, EvaluationResult<CalibratedReport> result)
    {
        var (calibrated, report) = (result.Figures, result.Figures.Report);
        return new
        {
            Command = "evaluate",
            Model = model,
            result.Data,
            result.Split,
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
            ReportPage = result.Output,
        };
    }
}
