using PhotoMl.Cli.Json;
using PhotoMl.Data;
using PhotoMl.IO;
using PhotoMl.Models;
using PhotoMl.Quality;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml data check</c>.</summary>
internal sealed class DataCheckCommand : ToolCommand
{
    private readonly Argument<string> _set =
        new("SET") { Description = "A known data set, a folder with the four IDX files or with a folder of photos for each class, or a "
            + "CSV file that lists photos." };
    private readonly ValueOption<string?> _sheet =
        new("--sheet", "FILE.png", "Draw the suspicious photos, with --labels the flagged images.", parse: Values.EndingIn(".png"));
    private readonly Option<bool> _shortcuts = new("--shortcuts")
    {
        Description = "Photos: find properties that predict the class and should not, such as the camera.",
    };
    private readonly Option<bool> _labels =
        new("--labels") { Description = "Find the labels that are probably wrong, by networks that did not see the images." };
    private readonly ValueOption<int?> _folds = new(
        "--folds", "K", "--labels: divide the images into K parts, each predicted by networks trained on the others. [default: 4]",
        parse: Values.Between(2, 100));
    private readonly ValueOption<int?> _epochs = new(
        "--epochs", "N", "--labels: epochs of each training. [default: to see 100,000 images, but a third of train-cnn's at least]",
        parse: Values.Between(1, 100_000));
    private readonly ValueOption<int?> _imageSize = new(
        "--image-size", "N", "--labels: the height and width of the images. [default: 96 for photos, else as stored]",
        parse: Values.Between(ClassifierOptions.SmallestImage, 4096));
    private readonly ValueOption<string?> _output = new(
        "--output", "DIR", "--labels: keep the trainings in DIR, so that the same command goes on where it was stopped.", alias: "-o");
    private readonly ValueOption<string?> _model = new(
        "--model", "MODEL", "--labels: predict with this model, which must not have seen the images, in place of training.");
    private readonly ValueOption<string?> _list = new(
        "--labels-csv", "FILE.csv", "--labels: write a list of the photos without the flagged ones, which train-cnn takes for the folder.",
        parse: Values.EndingIn(".csv"));
    private readonly Option<bool> _keep = new("--keep-flagged") { Description = "--labels-csv: leave the flagged photos in the list." };
    private readonly ValueOption<string?> _report =
        new("--report", "DIR", "--labels: write DIR/report.html, a page with the flagged images.");
    private readonly Option<bool> _csv = new("--csv") { Description = "--labels: print all doubtful labels as CSV." };

    public DataCheckCommand()
        : base("check") => AddAll(
            _set, _sheet, _shortcuts, _labels, _folds, _epochs, _imageSize, _output, _model, _list, _keep, _report, Overwrite, Threads,
            Json, _csv, Quiet);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var (set, options, labels) = (arguments.GetRequiredValue(_set), host.DataOptions(), arguments.GetValue(_labels));
        var isPhotos = DatasetLoader.IsPhotos(set, options.Catalog);
        Option[] ofTraining = [_folds, _epochs, _imageSize, _output];
        CheckNotGiven(arguments, "with --labels only", labels ? [] : [.. ofTraining, _model, _list, _keep, _report, _csv]);
        CheckNotGiven(arguments, "with --labels or --shortcuts only", labels || arguments.GetValue(_shortcuts) ? [] : [Threads]);
        CheckNotGiven(arguments, "without --model", _model.IsGiven(arguments) ? ofTraining : []);
        CheckNotGiven(arguments, $"with {_list.Name} only", _list.IsGiven(arguments) ? [] : [_keep]);
        Option[] ofPhotos = labels ? [_list, _shortcuts] : [_sheet, _shortcuts];
        CheckNotGiven(arguments, $"with photos only, but {set} has none", isPhotos ? [] : ofPhotos);
        CheckNotBoth(arguments, Json, _csv);
        CheckNotBoth(arguments, _shortcuts, _csv);
        var model = _model.Read(arguments) is { } named ? RunFolder.ModelPathOf(named) : null;
        foreach (var option in new[] { _sheet, _list })
        {
            if (option.Read(arguments) is { } path)
            {
                string[] inputs = [.. DatasetLoader.InputsOf(set, options), .. model is null ? Array.Empty<string>() : [model]];
                OutputCheck.File(option, path, arguments.GetValue(Overwrite), inputs);
            }
        }

        if (_output.Read(arguments) is { } folder)
        {
            OutputException.ThrowIfInput(folder, DatasetLoader.InputsOf(set, options));
            host.Stop.Text = () => "Stopped. To resume: the same command";
        }

        OutputCheck.Report(_report.Read(arguments), arguments.GetValue(Overwrite));
        if (labels || arguments.GetValue(_shortcuts))
        {
            TorchSession.Start(Threads.Read(arguments));
        }

        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        options = options with { Progress = progress };
        return isPhotos ? CheckPhotos(arguments, host, set, options, progress) : CheckIdx(arguments, host, set, options, progress);
    }

    private int CheckIdx(ParseResult arguments, CliHost host, string set, DatasetLoadOptions options, TaskProgress progress)
    {
        var report = DatasetCheck.Run(set, options, host.CancellationToken);
        var labels = report.IsSound ? CheckLabels(arguments, host, set, options, progress) : null;
        progress.Dispose();
        var document = new // what --json prints of images that are no files
        {
            Command = "data check",
            report.Id,
            report.Source,
            report.Files,
            report.Train,
            report.Test,
            report.TestImagesInTrain,
            report.Problems,
            Sound = report.IsSound,
            report.Warnings,
            Labels = labels,
        };
        Print(arguments, host, labels, document, () => Write(host, report));
        return report.IsSound ? ExitCode.Success : ExitCode.BadInput;
    }

    private int CheckPhotos(ParseResult arguments, CliHost host, string set, DatasetLoadOptions options, TaskProgress progress)
    {
        var report = PhotoCheck.Run(set, options, host.CancellationToken);
        if (report.Notice is { } notice)
        {
            progress.Report(new StatusMessage(notice, IsWarning: true));
        }

        var shortcuts = report.IsUsable && arguments.GetValue(_shortcuts)
            ? report.FindShortcuts(cancellationToken: host.CancellationToken)
            : null;
        var labels = report.IsUsable ? CheckLabels(arguments, host, set, options, progress) : null;
        progress.Dispose();
        var sheet = _sheet.Read(arguments);
        var tiles = sheet is null || labels is not null ? [] : report.Suspicious;
        if (tiles.Count > 0)
        {
            report.WriteSheet(sheet!);
        }

        var written = tiles.Count > 0 || labels?.Flagged > 0 ? sheet : null;
        Print(arguments, host, labels, new PhotoCheckJson(report, written, tiles, shortcuts, labels), () =>
        {
            new PhotoCheckText(report, host.Width).Write(host.Out, labels is null ? sheet : null, tiles);
            if (shortcuts is not null)
            {
                ShortcutText.Write(host.Out, shortcuts, host.Width);
            }
        });
        if (report.Unusable is { } reason)
        {
            host.Error.WriteLine($"{Cli.Name}: {Text.Printable(reason)}");
        }

        return report.IsUsable ? ExitCode.Success : ExitCode.BadInput;
    }

    private void Print(ParseResult arguments, CliHost host, LabelCheckReport? labels, object document, Action write)
    {
        if (labels is not null && arguments.GetValue(_csv))
        {
            host.Out.Write(labels.ToCsv());
        }
        else
        {
            PrintLabels(arguments, host, labels, document, write);
        }

        // Last, for a list cannot hold every class name, and all else should be printed then.
        if (labels is not null && _list.Read(arguments) is { } list)
        {
            labels.WriteList(list, arguments.GetValue(_keep));
            if (!arguments.GetValue(_csv) && !arguments.GetValue(Json))
            {
                host.Out.WriteLine($"{"List",-7} {Text.Printable(list)}");
            }
        }
    }

    private void PrintLabels(ParseResult arguments, CliHost host, LabelCheckReport? labels, object document, Action write)
    {
        Print(arguments, host, document, () =>
        {
            write();
            if (labels is not null)
            {
                LabelCheckText.Write(host.Out, labels, arguments.GetRequiredValue(_set), host.Width);
                var sheet = labels.Flagged > 0 ? _sheet.Read(arguments) : null;
                var report = _report.Read(arguments) is { } folder ? Path.Combine(folder, "report.html") : null;
                foreach (var (name, path) in new[] { ("Sheet", sheet), ("Report", report) })
                {
                    if (path is not null)
                    {
                        host.Out.WriteLine($"{name,-7} {Text.Printable(path)}");
                    }
                }
            }
        });
    }

    private LabelCheckReport? CheckLabels(
        ParseResult arguments, CliHost host, string set, DatasetLoadOptions loading, TaskProgress progress)
    {
        if (!arguments.GetValue(_labels))
        {
            return null;
        }

        using var classifier = _model.Read(arguments) is { } model ? Classifier.Load(model) : null;
        var evaluation = new EvaluationOptions { Report = _report.Read(arguments), Loading = loading, Messages = progress };
        var training = new ClassifierRunOptions
        {
            Training = defaults => defaults with { Epochs = _epochs.Read(arguments) ?? defaults.Epochs },
            Threads = Threads.Read(arguments),
            Loading = loading with { ImageSize = _imageSize.Read(arguments) },
            Messages = progress,
        };
        var report = classifier?.CheckLabels(set, evaluation, progress, host.CancellationToken) ?? ClassifierRun.CheckLabels(
            set, _folds.Read(arguments) ?? 4, _output.Read(arguments), training, _report.Read(arguments),
            progress.Of(new ClassifierProgressText(isMixed: false)), host.CancellationToken);
        if (!report.IsBetterThanGuessing && (_list.IsGiven(arguments) || arguments.GetValue(_csv)))
        {
            progress.Report(new StatusMessage(
                "No label is flagged: the labels are not predicted clearly better than by guessing.", IsWarning: true));
        }

        if (_sheet.Read(arguments) is { } sheet && report.Flagged > 0)
        {
            report.WriteSheet(sheet);
        }
        else if (_sheet.IsGiven(arguments))
        {
            progress.Report(new StatusMessage($"{_sheet.Read(arguments)} is not written: no label is flagged.", IsWarning: true));
        }

        return report;
    }

    private static void Write(CliHost host, DatasetCheckReport report)
    {
        host.Out.WriteLine($"Set     {Text.Printable(report.Id)}");
        host.Out.WriteLine($"Source  {Text.Printable(report.Source)}");
        foreach (var file in report.Files)
        {
            var state = file.Problem is not null ? "damaged" : file.ExpectedSha256 is null ? "readable" : "verified";
            host.Out.WriteLine($"        {Text.Printable(Path.GetFileName(file.Path))}: {Text.Bytes(file.BytesOnDisk)}, {state}");
        }

        foreach (var (name, split) in new[] { ("Train", report.Train), ("Test", report.Test) })
        {
            if (split is not null)
            {
                host.Out.WriteLine(
                    $"{name,-7} {Text.Count(split.Images, "image")} of {split.Height}x{split.Width}, {split.ClassCounts.Min():N0} to "
                        + $"{split.ClassCounts.Max():N0} per class");
            }
        }

        string[] problems = [.. report.Problems.Append(report.Notice).OfType<string>()];
        foreach (var warning in report.Warnings.Except(problems))
        {
            host.Out.WriteLine($"        {warning}");
        }

        foreach (var problem in problems)
        {
            host.Error.WriteLine($"{Cli.Name}: {Text.Printable(UsageError.NameOptions(problem))}");
        }

        host.Out.WriteLine(report.IsSound ? "Sound" : "Not sound");
    }
}
