namespace PhotoMl.Cli.Tests;

public class UsageErrorTests
{
    [Theory]
    [InlineData("", "Required command was not provided")]
    [InlineData("trian-cnn", "unknown command 'trian-cnn'; did you mean 'train-cnn'?")]
    [InlineData("dance", "unknown command 'dance'")]
    [InlineData("data", "Required command was not provided")]
    [InlineData("train-cnn --epohcs 3", "unknown option '--epohcs'; did you mean '--epochs'?")]
    [InlineData("train-cnn --xyzzy", "unknown option '--xyzzy'")]
    [InlineData("train-cnn stray", "unknown argument 'stray'")]
    [InlineData("train-cnn --epochs", "Required argument missing for option: '--epochs'")]
    [InlineData("train-cnn --epochs 0", "--epochs: expected 1 to 100000, but got 0")]
    [InlineData("train-cnn --epochs -3", "--epochs: expected 1 to 100000, but got -3")]
    [InlineData("train-cnn --epochs 2.5", "--epochs: expected a whole number up to 2147483647, but got '2.5'")]
    [InlineData("train-cnn --epochs 99999999999999", "--epochs: expected a whole number up to 2147483647, but got '99999999999999'")]
    [InlineData("train-cnn --batch-size 0", "--batch-size: expected 1 to 65536, but got 0")]
    [InlineData("train-cnn --learning-rate NaN", "--learning-rate: expected 1E-09 to 1000, but got NaN")]
    [InlineData("train-cnn --learning-rate -1", "--learning-rate: expected 1E-09 to 1000, but got -1")]
    [InlineData("train-cnn --learning-rate 1e999", "--learning-rate: expected 1E-09 to 1000, but got Infinity")]
    [InlineData("train-cnn --learning-rate fast", "--learning-rate: expected a number, but got 'fast'")]
    [InlineData("train-cnn --momentum 1", "--momentum: expected 0 to 0.9999, but got 1")]
    [InlineData("train-cnn --validation-share 0", "--validation-share: expected 1E-06 to 0.5, but got 0")]
    [InlineData("train-cnn --augment 5", "--augment: expected 0 to 4, but got 5")]
    [InlineData("train-cnn --optimizer lion", "--optimizer: expected adam, adamw or sgd, but got 'lion'")]
    [InlineData("train-cnn --schedule 1", "--schedule: expected constant, cosine or one-cycle, but got '1'")]
    [InlineData("train-cnn --precision float16", "--precision: expected auto, float32 or bfloat16, but got 'float16'")]
    [InlineData("train-cnn --device tpu", "--device: expected auto, cpu, cuda or cuda:N, but got 'tpu'")]
    [InlineData("train-cnn --limit 0", "--limit: expected 1 to 2147483647, but got 0")]
    [InlineData("train-cnn --threads 0", "--threads: expected 1 to ")]
    [InlineData("train-cnn --threads 1000000", "--threads: expected 1 to ")]
    [InlineData("train-cnn --resume runs/x --epochs 3", "--epochs: expected it not to be given with --resume")]
    [InlineData("train-cnn --resume runs/x --data digits", "--data: expected it not to be given with --resume")]
    [InlineData("evaluate", "Required argument 'MODEL' missing for command: 'evaluate'")]
    [InlineData("evaluate m --batch-size 0", "--batch-size: expected 1 to 65536, but got 0")]
    [InlineData("evaluate --limt 5 m", "unknown option '--limt'; did you mean '--limit'?")]
    [InlineData("predict m", "Required argument 'PATH' missing for command: 'predict'")]
    [InlineData("predict m a.png --top 0", "--top: expected 1 to 100000, but got 0")]
    [InlineData("predict m a.png --foreground left", "--foreground: expected auto, light or dark, but got 'left'")]
    [InlineData("data get", "Required argument 'ID' missing for command: 'get'")]
    public void A_wrong_command_line_is_told_in_one_line_with_a_hint(string commandLine, string expected)
    {
        var result = Tool.Run(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.Equal(2, result.ErrorLines.Length);
        Assert.StartsWith($"photoml: {expected}", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.EndsWith("--help' to see what it takes.", result.ErrorLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_hint_names_the_command_in_full() =>
        Assert.Equal("Run 'photoml data get --help' to see what it takes.", Tool.Run("data", "get", "--nonsense").ErrorLines[^1]);
}
