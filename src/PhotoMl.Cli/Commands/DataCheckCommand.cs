using PhotoMl.Cli.Json;
using PhotoMl.Data;
using PhotoMl.Quality;
using PhotoMl.Reporting;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary><c>photoml data check</c>.</summary>
internal sealed class DataCheckCommand : ToolCommand
{
    private readonly Argument<string> _set =
        new("SET") { Description = "A known data set, a folder with the four IDX files or with a folder of photos for each class, or a "
            + "CSV file that lists photos." };
    private readonly ValueOption<string?> _sheet =
        new("--sheet", "FILE.png", "Draw the suspicious photos, with --labels the flagged images.", null, Values.ToPng);
    private readonly Option<bool> _labels =
        new("--labels") { Description = "Find the labels that are probably wrong, by networks that did not see the images." };
    private readonly ValueOption<int?> _folds = CommonOptions.Int32(
        "--folds", "--labels: train K times, each without one part, which is then predicted. [default: 4]", 2, 100, "K");
    private readonly ValueOption<int?> _epochs =
        CommonOptions.Int32("--epochs", "--labels: passes over the images of each training. [default: 3; photos: 15]", 1, 100_000);
    private readonly ValueOption<long> _seed = CommonOptions.Seed("--labels and --shortcuts: the seed of everything random.", 1);
    private readonly ValueOption<string?> _model = CommonOptions.Text(
        "--model", "MODEL", "--labels: predict with this model, which must not have seen the images, in place of training.");
    private readonly ValueOption<string?> _list = CommonOptions.Text(
        "--labels-csv", "FILE", "--labels: write a list of the photos that train-cnn takes in place of the folder.");
    private readonly ValueOption<FlaggedLabels> _flagged = new(
        "--flagged", "WORD", $"--labels-csv: what becomes of flagged labels: {Values.Words<FlaggedLabels>()}.", FlaggedLabels.Drop,
        Values.ToWord<FlaggedLabels>);
    private readonly ValueOption<string?> _report =
        CommonOptions.Text("--report", "DIR", "--labels: write DIR/report.html, a page with the flagged images.");
    private readonly Option<bool> _csv = new("--csv") { Description = "--labels: print all doubtful labels as CSV." };

    private readonly Option<bool> _shortcuts = new("--shortcuts")
    {
        Description = "Photos: find properties that predict the class and should not, such as the camera.",
    };

    public DataCheckCommand()
        : base("check") => AddAll(
            _set, _sheet, _shortcuts, _labels, _folds, _epochs, _seed, _model, _list, _flagged, _report, Overwrite, Threads, Json, _csv,
            Quiet);

    public override int Run(ParseResult arguments, CliHost host)
    {
        var (set, options) = (arguments.GetRequiredValue(_set), host.DataOptions());
        CheckOptions(arguments);
        var isPhotos = DatasetLoader.IsPhotos(set, options.Catalog);
        if (!isPhotos)
        {
            CheckNotGiven(arguments, $"with photos only, but {set} has none", _list, _shortcuts);
        }

        using var progress = new TaskProgress(host, arguments.GetValue(Quiet));
        options = options with { Progress = progress };
        return isPhotos ? CheckPhotos(arguments, host, set, options, progress) : CheckIdx(arguments, host, set, options, progress);
    }

    private void CheckOptions(ParseResult arguments)
    {
        CheckNotBoth(arguments, Json, _csv);
        if (!arguments.GetValue(_labels))
        {
            CheckNotGiven(arguments, "with --labels only", _folds, _epochs, _model, _list, _flagged, _report, Threads, _csv);
        }

        if (_model.IsGiven(arguments))
        {
            CheckNotGiven(arguments, "without --model, in place of which networks are trained", _folds, _epochs, _seed);
        }

        if (!_list.IsGiven(arguments))
        {
            CheckNotGiven(arguments, $"with {_list.Name} only", _flagged);
        }
    }

    private int CheckIdx(ParseResult arguments, CliHost host, string set, DatasetLoadOptions options, TaskProgress progress)
    {
        if (!arguments.GetValue(_labels))
        {
            CheckNotGiven(arguments, $"with photos or --labels only, but {set} has no photos", _sheet);
        }

        var report = DatasetCheck.Run(set, options, host.CancellationToken);
        var labels = report.IsSound ? CheckLabels(arguments, host, set, options, progress) : null;
        progress.Dispose();
        Print(arguments, host, labels, new IdxCheckJson(report, ToJson(labels)), () => Write(host, report));
        return report.IsSound ? ExitCode.Success : ExitCode.BadInput;
    }

    private int CheckPhotos(ParseResult arguments, CliHost host, string set, DatasetLoadOptions options, TaskProgress progress)
    {
        var sheet = _sheet.Read(arguments);
        if (sheet is not null)
        {
            OutputCheck.File(_sheet, sheet, arguments.GetValue(Overwrite), DatasetLoader.InputsOf(set, options));
        }

        var report = PhotoCheck.Run(set, options, host.CancellationToken);
        if (report.Notice is { } notice)
        {
            progress.Report(new StatusMessage(notice, IsWarning: true));
        }

        var shortcuts = report.IsUsable && arguments.GetValue(_shortcuts)
            ? report.FindShortcuts(_seed.Read(arguments), host.CancellationToken)
            : null;
        var labels = report.IsUsable ? CheckLabels(arguments, host, set, options, progress) : null;
        progress.Dispose();
        var tiles = sheet is null || labels is not null ? [] : report.Suspicious;
        if (tiles.Count > 0)
        {
            report.WriteSheet(sheet!);
        }

        var written = labels is null ? sheet : null;
        Print(arguments, host, labels, new PhotoCheckJson(report, tiles.Count > 0 ? sheet : null, tiles, shortcuts, ToJson(labels)), () =>
        {
            new PhotoCheckText(report, host.Width).Write(host.Out, written, tiles);
            if (shortcuts is not null)
            {
                host.Out.WriteLine();
                ShortcutText.Write(host.Out, shortcuts, host.Width);
            }
        });
        if (report.Unusable is { } reason)
        {
            host.Error.WriteLine($"{Cli.Name}: {Text.Printable(reason)}");
        }

        return report.IsUsable ? ExitCode.Success : ExitCode.BadInput;
    }

    private static LabelCheckJson? ToJson(LabelCheckReport? labels) => labels is null ? null : new LabelCheckJson(labels);

    private void Print(ParseResult arguments, CliHost host, LabelCheckReport? labels, object document, Action write)
    {
        if (arguments.GetValue(_csv) && labels is not null)
        {
            host.Out.Write(labels.ToCsv());
            return;
        }

        Print(arguments, host, document, () =>
        {
            write();
            if (labels is not null)
            {
                host.Out.WriteLine();
                new LabelCheckText(labels, host.Width).Write(host.Out);
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

        var (list, sheet, folder) = (_list.Read(arguments), _sheet.Read(arguments), _report.Read(arguments));
        foreach (var (option, path) in new[] { (_list, list), (_sheet, sheet) })
        {
            if (path is not null)
            {
                OutputCheck.File(option, path, arguments.GetValue(Overwrite), DatasetLoader.InputsOf(set, loading));
            }
        }

        if (folder is not null)
        {
            OutputCheck.Unused(Path.Combine(folder, "report.html"), arguments.GetValue(Overwrite));
        }

        TorchSession.Start(Threads.Read(arguments));
        var report = _model.Read(arguments) is { } model
            ? Predict(host, model, set, loading, folder, progress)
            : Train(arguments, host, set, loading, folder, progress);
        if (list is not null)
        {
            report.WriteList(list, _flagged.Read(arguments));
        }

        if (sheet is not null && report.Flagged > 0)
        {
            report.WriteSheet(sheet);
        }

        return report;
    }

    private static LabelCheckReport Predict(
        CliHost host, string model, string set, DatasetLoadOptions loading, string? report, TaskProgress progress)
    {
        using var classifier = Classifier.Load(model);
        var options = new EvaluationOptions { Report = report, Loading = loading, Messages = progress };
        return classifier.CheckLabels(set, options, progress, host.CancellationToken);
    }

    private LabelCheckReport Train(
        ParseResult arguments, CliHost host, string set, DatasetLoadOptions loading, string? report, TaskProgress progress)
    {
        var (epochs, seed) = (_epochs.Read(arguments), _seed.Read(arguments));
        var options = new ClassifierRunOptions
        {
            Training = defaults => defaults with { Epochs = epochs ?? defaults.Epochs, Seed = seed },
            Threads = Threads.Read(arguments),
            Loading = loading,
            Messages = progress,
        };
        return ClassifierRun.CheckLabels(
            set, _folds.Read(arguments) ?? 4, options, report, progress.Of(new ClassifierProgressText(isMixed: false)),
            host.CancellationToken);
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
