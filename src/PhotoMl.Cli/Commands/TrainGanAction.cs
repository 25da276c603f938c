using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-gan</c> does.</summary>
internal sealed class TrainGanAction(TrainGanCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var quiet = arguments.GetValue(command.Quiet);
        using var progress = new TaskProgress(host, quiet);
        var options = command.ReadRun(arguments, progress.Show(host.DataOptions())) with { Messages = progress };
        TorchSession.Start(options.Threads);
        using var run = command.Resume.Read(arguments) is { } folder
            ? GeneratorRun.Resume(folder, options, host.CancellationToken)
            : GeneratorRun.Start(command.DataOf(arguments), command.Output.Read(arguments), options, host.CancellationToken);
        progress.Dispose();
        if (run.IsFinished)
        {
            host.Error.WriteLine("This run is finished already; there is nothing left to do.");
        }

        host.Stop.Text = () => command.DescribeStop(run.Folder);
        var view = new TrainingProgressView<GanProgress>(new GanProgressText(), host, quiet);
        var result = view.Show(steps => run.Train(steps, host.CancellationToken));
        new TrainGanSummary(run, result).Write(host.Out, arguments.GetValue(command.Json));
        return ExitCode.Success;
    }
}
