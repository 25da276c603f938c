using System.CommandLine;
using PhotoMl.Cli.Output;
using PhotoMl.Evaluation;
using PhotoMl.Reporting;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml evaluate</c> does with a generator.</summary>
internal sealed class EvaluateGeneratorAction(EvaluateCommand command, CliHost host)
{
    private const int MaxImages = 50_000;

    public int Run(ParseResult arguments, string path)
    {
        if (EvaluateAction.FirstGiven(arguments, command.BatchSize) is { } option)
        {
            throw new UsageException($"{option}: expected it with a classifier only, but {path} is a generator");
        }

        var neighbours = new GeneratorEvaluationOptions().Neighbours;
        var limit = command.Limit.Read(arguments);
        if (limit <= neighbours || limit > MaxImages)
        {
            throw new UsageException($"{command.Limit.Name}: expected {neighbours + 1} to {MaxImages} with a generator, but got {limit}");
        }

        var report = command.Report.Read(arguments);
        if (report is not null)
        {
            OutputCheck.Unused(Path.Combine(report, "report.html"), arguments.GetValue(command.Overwrite));
        }

        using var generator = Generator.Load(path, command.Precision.IsGiven(arguments) ? command.Precision.Read(arguments) : Precision.Float32);
        var seed = command.Seed.Read(arguments);
        using var progress = new TaskProgress(host, arguments.GetValue(command.Quiet));
        var options = new EvaluationOptions { Limit = limit, Report = report, Loading = progress.Show(host.DataOptions()), Messages = progress };
        var result = generator.Evaluate(command.Data.Read(arguments), options, command.Classifier.Read(arguments), seed, progress, host.CancellationToken);
        progress.Dispose();
        new GeneratorEvaluationOutput(generator, result, seed).Write(host.Out, arguments.GetValue(command.Json));
        return ExitCode.Success;
    }
}
