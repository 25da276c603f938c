namespace PhotoMl.Cli.Tests;

/// <summary>What a user sees whose standard error is a terminal.</summary>
[Collection(TorchCollection.Name)]
public sealed class TerminalTests(TrainedModel trained) : FolderTests
{
    [Theory]
    [InlineData(80, "  ")]
    [InlineData(40, "\n")]
    public void Training_is_drawn_in_place_below_the_epochs_and_leaves_only_those(int width, string between)
    {
        var first = $"epoch  1/2  loss 0.5000  train 75.00 %{between}validation 87.50 %";
        string[] expected = [.. first.Split('\n'), .. $"epoch  2/2  loss 0.2500  train 87.50 %{between}validation 93.75 %".Split('\n')];
        var inEpoch = expected.Length / 2; // rows
        var isWide = width >= CliHost.DefaultWidth;
        var drawn = new List<string[]>();
        using var screen = new TerminalScreen(width) { Written = screen => drawn.Add(screen.Rows) };
        using (var task = new TaskProgress(Host(screen, width), quiet: false))
        {
            var progress = task.Of(new ClassifierProgressText(isMixed: false))!;
            Report(progress, epoch: 1, step: 3, until: () => Seen(0, "epoch  1/2  ━━━━━━━━━━──"));
            Report(
                progress, epoch: 1, step: 6,
                until: () => Seen(0, "epoch  1/2  ━━━━━━━━━━━━━━━━━━━━──"));
            progress.Report(At(1, 9, Ended(1, 0.5, 0.75, 0.875)));
            Report(progress, epoch: 2, step: 3, until: () => Seen(inEpoch, "epoch  2/2  ━━━"));
            progress.Report(At(2, 9, Ended(2, 0.25, 0.875, 0.9375)));
        }

        Assert.Equal(expected, screen.Rows);

        // Below what has ended is what is under way, and nothing that was there before.
        var second = drawn.Last(
            rows => rows.Length > inEpoch && rows[inEpoch].StartsWith("epoch  2/2  ━━━", StringComparison.Ordinal));
        Assert.Equal(expected[..inEpoch], second[..inEpoch]);
        Assert.EndsWith(isWide ? "──  step 3/9  1:10 left" : "──…", second[inEpoch], StringComparison.Ordinal);
        Assert.Equal(
            isWide ? "loss 0.3000  train 80.00 %  1,234 images/s  100 live tensors" : "loss 0.3000  train 80.00 %  1,234 imag…",
            second[inEpoch + 1]);

        bool Seen(int row, string start) =>
            drawn.Count > 0 && drawn[^1].Length > row && drawn[^1][row].StartsWith(start, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_progress_is_drawn_over_itself_and_wiped_out()
    {
        const int Width = 20;
        using var screen = new TerminalScreen(Width);
        using (var line = new StatusLine(Host(screen, Width), quiet: false))
        {
            Show(line, "a text that is longer than the terminal is wide");
            var row = Assert.Single(screen.Rows);
            Assert.Equal(Width - 1, row.Length); // in the last column a terminal would wrap
            Show(line, "short");
            Assert.Equal(["short"], screen.Rows);
            line.Clear();
            Assert.Empty(screen.Rows);
            screen.WriteLine("a message");
            Show(line, "again");
            Assert.Equal(["a message", "again"], screen.Rows);
        }

        Assert.Equal(["a message"], screen.Rows);

        void Show(StatusLine line, string text)
        {
            var isShown = false;
            Until(() => isShown, () => line.Show(() =>
            {
                isShown = true;
                return text;
            }));
        }
    }

    [Fact]
    public void A_whole_run_leaves_its_epochs_on_the_terminal_and_nothing_else()
    {
        using var screen = new TerminalScreen(CliHost.DefaultWidth);
        string[] options = ["--data", trained.Set, "--output", Folder.File("run"), "--epochs", "3"];
        var result = Tool.RunOnTerminal(screen, ["train-cnn", .. options]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(3, screen.Rows.Length);
        const string Figures = @"  loss \d\.\d{4}  train \d+\.\d\d %  validation \d+\.\d\d %  balanced \d+\.\d\d %$";
        Assert.All(screen.Rows.Index(), row => Assert.Matches($"^epoch  {row.Index + 1}/3{Figures}", row.Item));
        Assert.DoesNotContain('\e', result.Out);
    }

    [Fact]
    public void A_quiet_run_writes_nothing_to_a_terminal_either()
    {
        using var screen = new TerminalScreen(CliHost.DefaultWidth) { Written = _ => Assert.Fail("Something was written.") };

        string[] training = ["train-cnn", "--data", trained.Set, "--output", Folder.File("run"), "--epochs", "1", "--quiet"];
        Assert.Equal(0, Tool.RunOnTerminal(screen, training).ExitCode);
        Assert.Equal(0, Tool.RunOnTerminal(screen, ["evaluate", trained.Run, "--quiet", "--json"]).ExitCode);
    }

    private static CliHost Host(TextWriter screen, int width) =>
        new() { Out = TextWriter.Null, Error = screen, ErrorIsTerminal = true, Width = width };

    private static ClassifierProgress At(int epoch, int step, EpochReport? completed = null) => new()
    {
        Epoch = epoch,
        Epochs = 2,
        Step = step,
        StepsPerEpoch = 9,
        Loss = 0.3,
        Accuracy = 0.8,
        ImagesPerSecond = 1234,
        Remaining = TimeSpan.FromSeconds(70),
        LiveTensors = 100,
        Completed = completed,
    };

    private static EpochReport Ended(int epoch, double loss, double accuracy, double validationAccuracy) => new()
    {
        Epoch = epoch,
        TrainLoss = loss,
        TrainAccuracy = accuracy,
        ValidationLoss = 0.25,
        ValidationAccuracy = validationAccuracy,
        LearningRate = 0.001,
        Seconds = 2,
        ImagesPerSecond = 1234,
    };

    private static void Report(IProgress<ClassifierProgress> progress, int epoch, int step, Func<bool> until) =>
        Until(until, () => progress.Report(At(epoch, step)));

    // A terminal is drawn to ten times a second at most.
    private static void Until(Func<bool> condition, Action action)
    {
        var patience = TimeSpan.FromSeconds(60);
        for (var start = TimeProvider.System.GetTimestamp(); !condition(); Thread.Sleep(5))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < patience, "Nothing was drawn.");
            action();
        }
    }
}
