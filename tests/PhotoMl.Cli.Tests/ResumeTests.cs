using PhotoMl.Tests;
using System.Diagnostics;
using PhotoMl.Training;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class ResumeTests(TrainedModel trained)
{
    [Fact]
    public void A_run_that_was_cancelled_and_resumed_ends_with_the_weights_of_one_that_was_not()
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("a run");
        using var cancellation = new CancellationTokenSource();
        var stopped = Tool.Run(
            ["train-cnn", "--data", trained.Set, "--output", run, .. TrainedModel.Options],
            line =>
            {
                if (line.StartsWith("epoch  3/", StringComparison.Ordinal))
                {
                    cancellation.Cancel();
                }
            },
            cancellation.Token);
        Assert.Equal(130, stopped.ExitCode);
        Assert.Equal($"Stopped. To resume: photoml train-cnn --resume '{run}'", stopped.ErrorLines[^1]);

        var resumed = Tool.Run("train-cnn", "--resume", run, "--json");
        Assert.Equal(0, resumed.ExitCode);
        Assert.Equal(8, resumed.Json.GetProperty("epochs").GetInt32());
        Assert.Equal(ModelBytes.HashOfTensors(trained.Run), ModelBytes.HashOfTensors(run));
    }

    [Fact]
    public void A_run_of_the_library_goes_on_in_the_tool_and_one_of_the_tool_in_the_library()
    {
        using var folder = new TemporaryFolder();
        using (var source = new CancellationTokenSource())
        using (var run = ClassifierRun.Start(trained.Set, folder.File("run"), new ClassifierRunOptions { Training = TrainedModel.Recipe, Threads = 1 }))
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

        using (var cancellation = new CancellationTokenSource())
        {
            var stopped = Tool.Run(
                ["train-cnn", "--resume", folder.File("run")],
                line =>
                {
                    if (line.StartsWith("epoch  4/", StringComparison.Ordinal))
                    {
                        cancellation.Cancel();
                    }
                },
                cancellation.Token);
            Assert.Equal(130, stopped.ExitCode);
        }

        using (var run = ClassifierRun.Resume(folder.File("run")))
        {
            run.Train();
        }

        Assert.Equal(ModelBytes.HashOfTensors(trained.Run), ModelBytes.HashOfTensors(folder.File("run")));
    }

    [Fact]
    public void A_run_that_was_killed_and_resumed_ends_with_the_weights_of_one_that_was_not()
    {
        using var folder = new TemporaryFolder();
        var run = folder.File("run");
        using (var process = ToolProcess.Start(["train-cnn", "--data", trained.Set, "--output", run, .. TrainedModel.Options]))
        {
            while (process.StandardError.ReadLine() is { } line && !line.StartsWith("epoch  2/", StringComparison.Ordinal))
            {
            }

            process.Kill(); // SIGKILL
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
        }

        Assert.Equal(0, Tool.Run("train-cnn", "--resume", run, "--quiet").ExitCode);
        Assert.Equal(ModelBytes.HashOfTensors(trained.Run), ModelBytes.HashOfTensors(run));
    }

    [UnixFact]
    public void A_signal_ends_the_process_with_130_or_143_and_a_hint()
    {
        using var folder = new TemporaryFolder();
        using var process = ToolProcess.Start(
            ["train-cnn", "--data", trained.Set, "--output", folder.File("run"), "--epochs", "10000", "--threads", "1"]);
        Assert.StartsWith("epoch ", process.StandardError.ReadLine(), StringComparison.Ordinal);

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
                && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
                && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) & InterruptBit) != 0;
        }
    }

    [Fact]
    public void A_finished_run_is_only_evaluated_again()
    {
        var before = ModelBytes.HashOfTensors(trained.Run);
        var result = Tool.Run("train-cnn", "--resume", trained.Run, "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("This run is finished already; it is only evaluated again.", Assert.Single(result.ErrorLines));
        Assert.Equal(trained.Training.Json.GetProperty("test_loss").GetDouble(), result.Json.GetProperty("test_loss").GetDouble());
        Assert.Equal(before, ModelBytes.HashOfTensors(trained.Run));
    }

    [Fact]
    public void What_cannot_be_resumed_is_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        BadInput(folder.File("nosuch"), "expected a run folder with checkpoint.safetensors, but found no such folder");
        BadInput(folder.Path, "expected a run folder with checkpoint.safetensors, but found none in it");
        File.WriteAllText(folder.File("checkpoint.safetensors"), "rubbish");
        BadInput(folder.Path, "options.json: expected the options of a run of train-cnn, but found no such file");
        File.WriteAllText(folder.File("options.json"), "{");
        BadInput(folder.Path, "options.json: expected the options of a run of train-cnn");
        File.Copy(Path.Combine(trained.Run, "options.json"), folder.File("options.json"), overwrite: true);
        BadInput(folder.Path, "checkpoint.safetensors: expected");
    }

    [Fact]
    public void A_run_does_not_go_on_with_other_images()
    {
        using var folder = new TemporaryFolder();
        var set = Bars.WriteSet(folder.File("set"), train: 40);
        Assert.Equal(0, Tool.Run("train-cnn", "--data", set, "--output", folder.File("run"), "--epochs", "1", "--quiet", "--threads", "1").ExitCode);
        Bars.WriteSet(set, train: 48);
        BadInput(folder.File("run"), "expected the images that the run began with, but found other images");
    }

    private static void BadInput(string run, string expected)
    {
        var result = Tool.Run("train-cnn", "--resume", run);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }
}
