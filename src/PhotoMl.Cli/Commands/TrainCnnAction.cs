using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml train-cnn</c> does.</summary>
internal sealed class TrainCnnAction(TrainCnnCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var quiet = arguments.GetValue(command.Quiet);
        using var progress = new TaskProgress(host, quiet);
        var options = command.ReadRun(arguments, progress.Show(host.DataOptions())) with { Messages = progress };
        TorchSession.Start(options.Threads);
        if (command.Folds.Read(arguments) is { } folds)
        {
            return new TrainCnnFolds(command, host).Run(arguments, folds, options);
        }

        using var run = command.Resume.Read(arguments) is { } folder
            ? ClassifierRun.Resume(folder, options, host.CancellationToken)
            : ClassifierRun.Start(command.DataOf(arguments), command.Output.Read(arguments), options, host.CancellationToken);
        progress.Dispose();
        if (run.IsFinished)
        {
            host.Error.WriteLine("This run is finished already; it is only evaluated again.");
        }

        host.Stop.Text = () => command.DescribeStop(run.Folder);
        var text = new ClassifierProgressText(isMixed: run.Training is { Mixup: > 0 } or { CutMix: > 0 });
        var result = new TrainingProgressView<ClassifierProgress>(text, host, quiet).Show(steps => run.Train(steps, host.CancellationToken));
        new TrainCnnSummary(run, result, arguments.GetValue(command.PerClass)).Write(host.Out, arguments.GetValue(command.Json));
        return ExitCode.Success;
    }
}
