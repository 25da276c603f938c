namespace PhotoMl.Cli.Tests;

public class UsageErrorTests
{
    [Theory]
    [InlineData("trian-cnn", "unknown command 'trian-cnn'; did you mean 'train-cnn'?")]
    [InlineData("dance", "unknown command 'dance'")]
    [InlineData("train-cnn --unlabeled --epochs 3", "--unlabeled: expected a value, but found --epochs")]
    [InlineData("train-cnn -d -o x", "-d: expected a value, but found -o")]
    [InlineData("train-cnn --unlabeled-weight 1", "--unlabeled-weight: expected it with --unlabeled or --labels-per-class only")]
    [InlineData("train-cnn --epohcs 3", "unknown option '--epohcs'; did you mean '--epochs'?")]
    [InlineData("train-cnn --xyzzy", "unknown option '--xyzzy'")]
    [InlineData("train-cnn stray", "unknown argument 'stray'")]
    [InlineData("train-cnn --epochs", "Required argument missing for option: '--epochs'")]
    [InlineData("train-cnn --epochs 0", "--epochs: expected 1 to 100000, but got 0")]
    [InlineData("train-cnn --epochs 2.5", "--epochs: expected a whole number up to 2147483647, but got '2.5'")]
    [InlineData("train-cnn --epochs 99999999999999", "--epochs: expected a whole number up to 2147483647, but got '99999999999999'")]
    [InlineData("train-cnn --batch-size 0", "--batch-size: expected 1 to 65536, but got 0")]
    [InlineData("train-cnn --learning-rate NaN", "--learning-rate: expected 1E-09 to 1000, but got NaN")]
    [InlineData("train-cnn --learning-rate fast", "--learning-rate: expected a number, but got 'fast'")]
    [InlineData("train-cnn --momentum 1", "--momentum: expected 0 to 0.9999, but got 1")]
    [InlineData("train-cnn --val-fraction 0", "--val-fraction: expected 1E-06 to 0.5, but got 0")]
    [InlineData("train-cnn --augment-strength 5", "--augment-strength: expected 0 to 4, but got 5")]
    [InlineData("train-cnn --optimizer lion", "--optimizer: expected adam, adamw or sgd, but got 'lion'")]
    [InlineData("train-cnn --schedule 1", "--schedule: expected constant, cosine or one-cycle, but got '1'")]
    [InlineData("train-cnn --precision float16", "--precision: expected auto, float32 or bfloat16, but got 'float16'")]
    [InlineData("predict model picture --coverage 1", "--coverage: expected a number between 0 and 1, such as 0.95, but got '1'")]
    [InlineData("evaluate model --coverage 0", "--coverage: expected a number between 0 and 1, such as 0.95, but got '0'")]
    [InlineData("evaluate model --coverage high", "--coverage: expected a number, but got 'high'")]
    [InlineData("train-cnn --limit 0", "--limit: expected 1 to 2147483647, but got 0")]
    [InlineData("train-cnn --threads 0", "--threads: expected 1 to ")]
    [InlineData("train-cnn --resume runs/x --epochs 3", "--epochs: expected it not to be given with --resume, which takes it from the run "
        + "it resumes; a new run can start from its weights: photoml train-cnn --weights DIR")]
    [InlineData("train-cnn --network vgg16", "--network: expected convnet or resnet18, but got 'vgg16'")]
    [InlineData("train-cnn --freeze layer1", "--freeze: expected --weights too, for random weights are not worth keeping")]
    [InlineData("train-cnn --resume runs/x --data digits", "--data: expected it not to be given with --resume")]
    [InlineData("train-gan --batch-size 1", "--batch-size: expected 2 to 65536, but got 1")]
    [InlineData("train-gan --loss wasserstein", "--loss: expected non-saturating, minimax, least-squares, wgan-gp or hinge, but got")]
    [InlineData("train-gan --learning-rate 2", "--learning-rate: expected 1E-09 to 1, but got 2")]
    [InlineData("train-gan --discriminator-lr 0", "--discriminator-lr: expected 1E-09 to 1, but got 0")]
    [InlineData("train-gan --beta1 1", "--beta1: expected 0 to 0.9999, but got 1")]
    [InlineData("train-gan --beta2 NaN", "--beta2: expected 0 to 0.999999, but got NaN")]
    [InlineData("train-gan --discriminator-steps 0", "--discriminator-steps: expected 1 to 100, but got 0")]
    [InlineData("train-gan --label-smoothing 1", "--label-smoothing: expected 0 to 0.99, but got 1")]
    [InlineData("train-gan --ema-decay 1", "--ema-decay: expected 0 to 0.999999, but got 1")]
    [InlineData("train-gan --on-collapse pray", "--on-collapse: expected restore or stop, but got 'pray'")]
    [InlineData("train-gan --image-size 27", "--image-size: expected 28 to 64, but got 27")]
    [InlineData("train-gan --channels 2", "--channels: expected 1 or 3, but got '2'")]
    [InlineData("train-gan --resume runs/x --epochs 3", "--epochs: expected it not to be given with --resume")]
    [InlineData("sample", "Required argument 'MODEL' missing for command: 'sample'")]
    [InlineData("sample m --count 0", "--count: expected 1 to 1000000, but got 0")]
    [InlineData("sample m --rows 0", "--rows: expected 1 to 10000, but got 0")]
    [InlineData("sample m --scale 17", "--scale: expected 1 to 16, but got 17")]
    [InlineData("sample m --steps 1", "--steps: expected 2 to 10000, but got 1")]
    [InlineData("sample m --truncation 0", "--truncation: expected 0.01 to 1000, but got 0")]
    [InlineData("sample m --interpolate 1", "Required argument missing for option: '--interpolate'")]
    [InlineData("verify", "Required argument 'IMAGE' missing for command: 'verify'")]
    [InlineData("verify a.png b.png", "unknown argument 'b.png'")]
    [InlineData("evaluate", "Required argument 'MODEL' missing for command: 'evaluate'")]
    [InlineData("evaluate --limt 5 m", "unknown option '--limt'; did you mean '--limit'?")]
    [InlineData("predict m a.png --top 0", "--top: expected 1 to 100000, but got 0")]
    [InlineData("predict m a.png --foreground left", "--foreground: expected auto, light or dark, but got 'left'")]
    [InlineData("explain m a.png --method lime", "--method: expected grad-cam, integrated-gradients, occlusion or saliency, but")]
    [InlineData("explain m a.png --output photo.jpg", "--output: expected a file that ends in .png, but got 'photo.jpg'")]
    [InlineData("explain m a.png --steps 0", "--steps: expected 1 to 10000, but got 0")]
    [InlineData("explain m a.png --window 0", "--window: expected 1 to 4096, but got 0")]
    [InlineData("explain m a.png --random-maps 1", "--random-maps: expected 2 to 1000, but got 1")]
    [InlineData("explain m a.png --size 63", "--size: expected 64 to 1024, but got 63")]
    [InlineData("explain m a.png --baseline white", "--baseline: expected ground, black or blurred, but got 'white'")]
    [InlineData("data get", "Required argument 'ID' missing for command: 'get'")]
    [InlineData("train-cnn --weight-average 0", "unknown option '--weight-average'; did you mean '--ema-decay'?")]
    [InlineData("train-cnn --best-by accuracy", "unknown option '--best-by'; did you mean '--monitor'?")]
    [InlineData("train-cnn --validation-share=0.2", "unknown option '--validation-share=0.2'; did you mean '--val-fraction'?")]
    [InlineData("train-cnn --train-size 96", "unknown option '--train-size'; did you mean '--train-image-size'?")]
    [InlineData("train-cnn --augment 0", "unknown option '--augment'; did you mean '--augment-strength'?")]
    [InlineData("train-gan --discriminator-rate 1", "unknown option '--discriminator-rate'; did you mean '--discriminator-lr'?")]
    [InlineData("sort m photos --into out --least-confidence 0.5", "unknown option '--least-confidence'; did you mean '--min-confidence'?")]
    [InlineData("sample m --separate out", "unknown option '--separate'; did you mean '--output-dir'?")]
    [InlineData("whois a.png", "unknown command 'whois'; did you mean 'verify'?")]
    [InlineData("export m", "--format: expected onnx or pytorch, or an --output that ends in .onnx, .pth or .pt")]
    public void A_wrong_command_line_is_refused_in_one_line_with_a_hint(string commandLine, string expected)
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
