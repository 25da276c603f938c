using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Evaluation;
using PhotoMl.Reporting;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml evaluate</c> does with a generator.</summary>
internal sealed class EvaluateGeneratorAction(EvaluateCommand command, CliHost host)
{
    public int Run(ParseResult arguments, string path)
    {
        if (EvaluateAction.FirstGiven(arguments, command.BatchSize) is { } option)
        {
            throw new UsageException($"{option}: expected it with a classifier only, but {path} is a generator");
        }

        var report = command.Report.Read(arguments);
        if (report is not null)
        {
            OutputCheck.Unused(Path.Combine(report, ReportFolder.PageName), arguments.GetValue(command.Overwrite));
        }

        using var generator = Generator.Load(path, command.Precision.IsGiven(arguments) ? command.Precision.Read(arguments) : Precision.Float32);
        var seed = command.Seed.Read(arguments);
        using var progress = new TaskProgress(host, arguments.GetValue(command.Quiet));
        var options = new EvaluationOptions { Limit = command.Limit.Read(arguments), Report = report, Loading = progress.Show(host.DataOptions()), Messages = progress, Steps = progress };
        var result = generator.Evaluate(command.Data.Read(arguments), options, command.Classifier.Read(arguments), seed, host.CancellationToken);
        progress.Dispose();
        new GeneratorEvaluationOutput(generator, result, seed).Write(host.Out, arguments.GetValue(command.Json));
        return ExitCode.Success;
    }
}
