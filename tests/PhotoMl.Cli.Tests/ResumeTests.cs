namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class ResumeTests(TrainedModel trained, TrainedGenerators generators) : FolderTests
{
    [Fact]
    public void A_run_that_was_cancelled_and_resumed_ends_with_the_weights_of_one_that_was_not()
    {
        var run = Folder.File("a run");
        var stopped = Tool.RunUntil("epoch  3/", ["train-cnn", "--data", trained.Set, "--output", run, .. TrainedModel.Options]);
        Assert.Equal($"Stopped. To resume: photoml train-cnn --resume '{run}'", stopped.ErrorLines[^1]);

        var resumed = Tool.Succeed($"train-cnn --resume {run} --json");
        Assert.Equal(8, resumed.Json.Int("epochs"));
        Assert.Equal(ModelBytes.HashOfTensors(trained.Run), ModelBytes.HashOfTensors(run));
    }

    [Fact]
    public void A_run_of_the_library_goes_on_in_the_tool_and_one_of_the_tool_in_the_library()
    {
        var options = new ClassifierRunOptions { Training = TrainedModel.Recipe, Threads = 1 };
        using (var source = new CancellationTokenSource())
        using (var run = ClassifierRun.Start(trained.Set, Folder.File("run"), options))
        {
            var progress = new SynchronousProgress<ClassifierProgress>(step =>
            {
                if (step.Epoch == 2)
                {
                    source.Cancel();
                }
            });
            Assert.Throws<OperationCanceledException>(() => run.Train(progress, source.Token));
        }

        Tool.RunUntil("epoch  4/", "train-cnn", "--resume", Folder.File("run"));
        using (var run = ClassifierRun.Resume(Folder.File("run")))
        {
            run.Train();
        }

        Assert.Equal(ModelBytes.HashOfTensors(trained.Run), ModelBytes.HashOfTensors(Folder.File("run")));
    }

    [Fact]
    public void A_run_that_was_killed_and_resumed_ends_with_the_weights_of_one_that_was_not() =>
        AssertSameAfterKill("train-cnn", at: "epoch  2/");

    [SlowFact]
    public void So_does_a_run_of_a_generator() => AssertSameAfterKill("train-gan", at: "epoch  1/");

    [UnixFact]
    public void A_signal_ends_the_process_with_130_or_143_and_a_hint()
    {
        using var process = ToolProcess.Start(
            ["train-cnn", "--data", trained.Set, "--output", Folder.File("run"), "--epochs", "10000", "--threads", "1"]);
        Assert.StartsWith("epoch ", process.StandardError.ReadLine(), StringComparison.Ordinal);

        using (var kill = Process.Start("kill", ["-XFSZ", $"{process.Id}"])) // a file that grew too large, which is no end
        {
            kill.WaitForExit();
        }

        // A shell's background job ignores interrupts, and so does all that it starts; .NET leaves it at that.
        var (signal, exitCode) = IgnoresInterrupts() ? ("-TERM", 143) : ("-INT", 130);
        using (var kill = Process.Start("kill", [signal, $"{process.Id}"]))
        {
            kill.WaitForExit();
        }

        var rest = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(exitCode, process.ExitCode);
        Assert.Contains("To resume: photoml train-cnn --resume", rest, StringComparison.Ordinal);

        static bool IgnoresInterrupts()
        {
            const string Ignored = "SigIgn:";
            const int InterruptBit = 1 << 1;
            return OperatingSystem.IsLinux()
                && File.ReadLines("/proc/self/status").FirstOrDefault(
                    line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
                && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) & InterruptBit) != 0;
        }
    }

    [Fact]
    public void A_finished_run_is_only_evaluated_again()
    {
        var before = ModelBytes.HashOfTensors(trained.Run);
        var result = Tool.Succeed($"train-cnn --resume {trained.Run} --json");
        Assert.Equal("This run is finished already; it is only evaluated again.", Assert.Single(result.ErrorLines));
        Assert.Equal(trained.Training.Json.Number("test_loss"), result.Json.Number("test_loss"));
        Assert.Equal(before, ModelBytes.HashOfTensors(trained.Run));
    }

    [Fact]
    public void What_cannot_be_resumed_is_refused_in_one_line()
    {
        Refusal.OfInput(
            "expected a run folder with checkpoint.safetensors, but found no such folder", $"train-cnn --resume {Folder.File("nosuch")}");
        Refusal.OfInput("expected a run folder with checkpoint.safetensors, but found none in it", $"train-cnn --resume {Folder.Path}");
        File.WriteAllText(Folder.File("checkpoint.safetensors"), "rubbish");
        Refusal.OfInput(
            "options.json: expected the options of a run of train-cnn, but found no such file", $"train-cnn --resume {Folder.Path}");
        File.WriteAllText(Folder.File("options.json"), "{");
        Refusal.OfInput("options.json: expected the options of a run of train-cnn", $"train-cnn --resume {Folder.Path}");
        File.Copy(Path.Combine(trained.Run, "options.json"), Folder.File("options.json"), overwrite: true);
        Refusal.OfInput("checkpoint.safetensors: expected", $"train-cnn --resume {Folder.Path}");
    }

    private void AssertSameAfterKill(string command, string at)
    {
        var (run, options, set, reference) = command == "train-cnn"
            ? (Folder.File("run"), TrainedModel.Options, trained.Set, trained.Run)
            : (Folder.File("run"), TrainedGenerators.Options, generators.Set, generators.Run);
        using (var process = ToolProcess.Start([command, "--data", set, "--output", run, .. options]))
        {
            while (process.StandardError.ReadLine() is { } line && !line.StartsWith(at, StringComparison.Ordinal))
            {
            }

            process.Kill(); // SIGKILL
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }

        Tool.Succeed($"{command} --resume {run} --quiet");
        Assert.Equal(ModelBytes.HashOfTensors(reference), ModelBytes.HashOfTensors(run));
    }
}
