using System.CommandLine;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
using PhotoMl.IO;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary>What <c>photoml explain</c> does.</summary>
internal sealed class ExplainAction(ExplainCommand command, CliHost host)
{
    public int Run(ParseResult arguments)
    {
        var options = command.ReadOptions(arguments);
        TorchSession.Start(command.Threads.Read(arguments));
        using var classifier = Classifier.Load(arguments.GetRequiredValue(command.Model), Precision.Float32);
        var images = arguments.GetRequiredValue(command.Images);
        var output = command.Output.Read(arguments)
            ?? UnusedPath.Png($"explain-{Path.GetFileNameWithoutExtension(DatasetLoader.FindImages(images)[0].Path)}");
        OutputException.ThrowIfInput(output, images);
        OutputCheck.Replaceable(command.Output, output, arguments.GetValue(command.Overwrite));
        using var progress = new TaskProgress(host, arguments.GetValue(command.Quiet));
        var results = classifier.ExplainMany(
            images,
            output,
            command.Size.Read(arguments),
            command.Class.Read(arguments),
            options,
            command.Foreground.Read(arguments),
            progress,
            host.CancellationToken);
        progress.Dispose();
        if (arguments.GetValue(command.Json))
        {
            ExplanationJson.Write(host.Out, results, output);
        }
        else
        {
            new ExplanationText(results, isClassGiven: command.Class.Read(arguments) is not null).Write(host.Out, classifier.ModelPath, output);
        }

        var read = results.Count(result => result.Explanation is not null);
        if (read < results.Count)
        {
            host.Error.WriteLine($"{results.Count - read:N0} of {results.Count:N0} could not be read.");
        }

        return read > 0 ? ExitCode.Success : ExitCode.BadInput;
    }
}
