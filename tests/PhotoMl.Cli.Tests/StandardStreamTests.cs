namespace PhotoMl.Cli.Tests;

/// <summary>Standard output and standard error that are full or closed.</summary>
[Collection(TorchCollection.Name)]
public sealed class StandardStreamTests(TrainedModel trained) : IClassFixture<TrainedModel>
{
    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("train-cnn", "--help")]
    [InlineData("data", "list")]
    [InlineData("data", "list", "--json")]
    public void A_command_without_standard_output_fails_in_one_line(params string[] args)
    {
        foreach (var script in new[] { "exec \"$@\" > /dev/full", "exec \"$@\" >&-" })
        {
            var result = ToolProcess.RunByShell(script, args);

            Assert.Equal(2, result.ExitCode);
            Assert.StartsWith("photoml: standard output: cannot be written: ", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--csv")]
    [InlineData("--json")]
    public void Predictions_for_a_full_disk_fail_in_one_line(string format)
    {
        var image = Path.Combine(AppContext.BaseDirectory, "no such image.png");
        var result = ToolProcess.RunByShell("exec \"$@\" > /dev/full", "predict", trained.Run, image, format, "--quiet");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("photoml: standard output: cannot be written: No space left on device", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public void A_reader_that_has_seen_enough_is_no_failure()
    {
        var result = ToolProcess.RunByShell("{ \"$@\"; echo $? >&2; } | head -n 1", "--help");

        Assert.Equal("0", Assert.Single(result.ErrorLines));
        Assert.Single(result.OutLines);
    }

    [Theory]
    [InlineData("exec \"$@\" 2> /dev/full")]
    [InlineData("exec \"$@\" 2>&-")]
    [InlineData("exec \"$@\" > /dev/full 2> /dev/full")]
    [InlineData("exec \"$@\" >&- 2>&-")]
    public void Without_standard_error_the_exit_code_stays(string script) =>
        Assert.Equal(1, ToolProcess.RunByShell(script, "nosuch").ExitCode);
}
