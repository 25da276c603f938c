namespace PhotoMl.Tests.Training;

public sealed class ClassifierLossTests : IDisposable
{
    // Weights 9 / (3 x 6), 9 / (3 x 2) and 9 / (3 x 1).
    private static readonly int[] Counts = [6, 2, 1];
    private static readonly double[][] Probabilities = [[0.7, 0.2, 0.1], [0.25, 0.25, 0.5]];
    private static readonly long[] Labels = [0, 1];
    private static readonly double[][] Mixed = [[0.8, 0.2, 0], [0, 0.4, 0.6]];

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void A_class_weighs_in_inverse_proportion_to_its_images_and_one_without_any_takes_no_share()
    {
        Assert.Equal([0.5f, 1.5f, 3f], ClassifierLoss.WeightsOf(Counts)); // the mean over the images is 1
        Assert.Equal([0.75f, 0f, 1.5f], ClassifierLoss.WeightsOf([2, 0, 1]));
    }

    [Theory]
    [InlineData(ClassBalance.None, 2, 1, 1)]
    [InlineData(ClassBalance.Weights, 2, 0.5, 1.5)]
    [InlineData(ClassBalance.Focal, 2, 0.3 * 0.3, 0.75 * 0.75)]
    [InlineData(ClassBalance.Focal, 1, 0.3, 0.75)]
    [InlineData(ClassBalance.Focal, 0, 1, 1)]
    public void The_cross_entropy_of_each_image_counts_by_its_class_or_by_how_little_it_is_recognized(
        ClassBalance balance, double gamma, double first, double second) =>
        AssertLoss(
            ((first * -Math.Log(0.7)) + (second * -Math.Log(0.25))) / 2,
            new() { Balance = balance, FocalGamma = gamma, LabelSmoothing = 0 });

    [Theory]
    [EnumData<ClassBalance>]
    public void Soft_targets_and_label_smoothing_work_with_every_balance(ClassBalance balance)
    {
        const double Smoothing = 0.3;
        double[] weights = balance == ClassBalance.Weights ? [0.5, 1.5, 3] : [1, 1, 1];
        double Expected(double[][] targets) => Enumerable.Range(0, 2).Average(image =>
            Enumerable.Range(0, 3).Sum(c => targets[image][c] * weights[c]) * Enumerable.Range(0, 3).Sum(c =>
            {
                var probability = Probabilities[image][c];
                var target = ((1 - Smoothing) * targets[image][c]) + (Smoothing / 3);
                return -target * (balance == ClassBalance.Focal ? Math.Pow(1 - probability, 2) : 1) * Math.Log(probability);
            }));
        var options = new ClassifierTrainingOptions { Balance = balance, LabelSmoothing = Smoothing };

        AssertLoss(Expected(Mixed), options, Mixed);
        AssertLoss(Expected([[1, 0, 0], [0, 1, 0]]), options);
    }

    [Theory]
    [InlineData(ClassBalance.Weights)]
    [InlineData(ClassBalance.Focal)]
    public void An_image_known_for_sure_gives_finite_gradients(ClassBalance balance)
    {
        using var loss = new ClassifierLoss(new() { Balance = balance, FocalGamma = 0.5 }, Counts);
        var logits = tensor(new float[] { 200, 0, 0, 0, 200, 0 }, [2, 3], requires_grad: true);
        loss.Compute(logits, new ClassifierBatch(zeros(2), tensor(Labels), null)).backward();

        Assert.True(logits.grad!.isfinite().all().item<bool>());
    }

    [Fact]
    public void Nothing_is_left_behind_but_the_loss()
    {
        var logits = zeros(2, 3);
        var batch = new ClassifierBatch(zeros(2), tensor(Labels), null);
        TensorAssert.NoneIsLeftBehind(() =>
        {
            using var loss = new ClassifierLoss(new() { Balance = ClassBalance.Weights, LabelSmoothing = 0.1 }, Counts);
            loss.Compute(logits, batch).Dispose();
        });
    }

    public void Dispose() => _scope.Dispose();

    private static void AssertLoss(double expected, ClassifierTrainingOptions options, double[][]? targets = null)
    {
        using var loss = new ClassifierLoss(options, Counts);
        var logits = tensor(Probabilities.SelectMany(row => row).Select(p => (float)Math.Log(p)).ToArray(), [2, 3]);
        var soft = targets is null ? null : tensor(targets.SelectMany(row => row).Select(p => (float)p).ToArray(), [2, 3]);

        Assert.Equal(expected, loss.Compute(logits, new ClassifierBatch(zeros(2), tensor(Labels), soft)).item<float>(), 5);
    }
}
