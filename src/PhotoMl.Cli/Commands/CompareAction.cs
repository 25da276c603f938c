using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml compare</c> does.</summary>
internal sealed class CompareAction(CompareCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        if (arguments.GetValue(command.Json) && arguments.GetValue(command.Csv))
        {
            throw new UsageException("--json and --csv: expected one of them.");
        }

        TorchSession.Start(command.Threads.Read(arguments));
        using var first = Classifier.Load(arguments.GetRequiredValue(command.First), command.Precision.Read(arguments));
        using var second = Classifier.Load(arguments.GetRequiredValue(command.Second), command.Precision.Read(arguments));
        var sheet = command.Sheet.Read(arguments);
        if (sheet is not null)
        {
            OutputCheck.Replaceable(command.Sheet, sheet, arguments.GetValue(command.Overwrite));
        }

        using var progress = new TaskProgress(host, arguments.GetValue(command.Quiet));
        var options = new EvaluationOptions
        {
            Limit = command.Limit.Read(arguments),
            Sheet = sheet,
            Loading = progress.Show(host.DataOptions()) with { CacheLimit = CommonOptions.ToBytes(command.CacheLimit.Read(arguments)) },
            Messages = progress,
        };
        var result = Classifier.Compare(first, second, command.Data.Read(arguments), options, progress, host.CancellationToken);
        progress.Dispose();
        Write(arguments, new ComparisonOutput(result, first.ModelPath, second.ModelPath));
        return ExitCode.Success;
    }

    private void Write(ParseResult arguments, ComparisonOutput output)
    {
        if (arguments.GetValue(command.Json))
        {
            output.WriteJson(host.Out);
        }
        else if (arguments.GetValue(command.Csv))
        {
            output.WriteCsv(host.Out);
        }
        else
        {
            output.WriteText(host.Out, host.Width, command.Show.Read(arguments));
        }
    }
}
