using System.CommandLine;
using PhotoMl.Cli.Json;
using PhotoMl.Cli.Options;
using PhotoMl.Cli.Output;
using PhotoMl.Data;
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
        var files = ImageFiles.Enumerate(images);
        var side = command.Size.Read(arguments);
        if (files.Count > ExplanationSheet.MostPhotosAt(side))
        {
            throw new UsageException($"expected at most {ExplanationSheet.MostPhotosAt(side)} images for a picture of --size {side}, but got {files.Count:N0}");
        }

        var output = command.Output.Read(arguments) ?? OutputCheck.UnusedPng($"explain-{Path.GetFileNameWithoutExtension(files[0].Path)}");
        OutputCheck.File(command.Output, output, arguments.GetValue(command.Overwrite), [path, .. DatasetLoader.InputsOf(images, files.Select(file => file.Path))]);
        var sheet = new ExplanationSheet(side);
        var results = Explain(arguments, classifier, files, label, options, sheet);
        var read = results.Count(result => result.Photo is not null);
        if (read > 0)
        {
            var png = sheet.EncodePng();
            AtomicFile.Write(output, stream => stream.Write(png));
        }

        if (arguments.GetValue(command.Json))
        {
            foreach (var result in results)
            {
                JsonLine.Write(host.Out, result.Photo is { } photo ? new ExplanationJson(photo, output) : new ErrorJson(result.Path, result.Problem!));
            }
        }
        else
        {
            new ExplanationText(results, isClassGiven: command.Class.Read(arguments) is not null).Write(host.Out, classifier.ModelPath, output);
        }

        var read = results.Count(result => result.Explanation is not null);
        if (read < results.Count)
        {
            host.Error.WriteLine($"{files.Count - read:N0} of {files.Count:N0} images could not be read.");
        }

        return read > 0 ? ExitCode.Success : ExitCode.BadInput;
    }

    private List<ExplanationResult> Explain(
        ParseResult arguments, Classifier classifier, IReadOnlyList<ImageFileEntry> files, int? label, ExplanationOptions options, ExplanationSheet sheet)
    {
        var results = new List<ExplanationResult>();
        var foreground = command.Foreground.Read(arguments);
        using var line = new StatusLine(host, arguments.GetValue(command.Quiet));
        foreach (var file in files)
        {
            host.CancellationToken.ThrowIfCancellationRequested();
            results.Add(ExplainOne(file));
            line.Show(() => $"{results.Count:N0} of {files.Count:N0} images");
        }

        return results;

        ExplanationResult ExplainOne(ImageFileEntry file)
        {
            if (file.Problem is not null)
            {
                return new ExplanationResult(file.Path, null, file.Problem);
            }

            try
            {
                var photo = classifier.Explain(file.Path, label is { } index ? classifier.Info.ClassNames[index] : null, options, foreground, host.CancellationToken);
                sheet.Add(photo);
                return new ExplanationResult(file.Path, photo, null);
            }
            catch (UnreadableImageException exception)
            {
                return new ExplanationResult(file.Path, null, exception.Reason);
            }
        }
    }

    private static int? FindClass(string? name, ClassifierInfo info) => name is null
        ? null
        : info.FindClass(name) ?? throw new UsageException($"--class: expected one of {Few(info.ClassNames)}, but got '{name}'");

    private static void CheckLayer(string? name, ImageClassifier network)
    {
        if (name is not null && !network.Layers.Contains(name))
        {
            throw new UsageException($"--layer: expected one of {string.Join(", ", network.Layers)}, but got '{name}'");
        }
    }

    private static string Few(IReadOnlyList<string> names) => string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? $" and {names.Count - MostNamed:N0} more" : "");
}
