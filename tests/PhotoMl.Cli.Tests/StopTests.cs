namespace PhotoMl.Cli.Tests;

/// <summary>Signals at moments at which a command does not look at its token.</summary>
[Collection(TorchCollection.Name)]
public sealed class StopTests : FolderTests
{
    // A second is what is promised; a command that is deaf takes longer than any machine is slow.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_command_that_writes_to_a_pipe_nobody_reads_ends_with_143()
    {
        // The list names itself again and again, and each line of it is a problem that is printed: more than a pipe holds.
        var list = Folder.File("list.csv");
        File.WriteAllLines(
            list, Enumerable.Range(0, 4000).Select(line => $"{Folder.File("no such photo")} {line}.jpg,a").Prepend($"{list},a"));
        using var process = ToolProcess.Start(["data", "check", list, "--json"]);
        Assert.NotEqual(-1, process.StandardOutput.Read()); // it has begun to write, and now waits

        Terminate(process);
        AssertEnds(process);
    }

    [Fact]
    public void A_second_signal_does_not_wait()
    {
        using var process = ToolProcess.Start(
            ["train-cnn", "--data", "digits", "--output", Folder.File("run"), "--epochs", "10000", "--threads", "1"]);
        Thread.Sleep(500);
        Terminate(process);
        Terminate(process);
        AssertEnds(process);
    }

    private static void Terminate(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static void AssertEnds(Process process)
    {
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail("It is deaf to SIGTERM.");
        }

        Assert.Equal(143, process.ExitCode);
    }
}
