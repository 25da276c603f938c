namespace PhotoMl.Tests.Training;

public sealed class ClassifierGradientsTests : IDisposable
{
    private const int Images = 50;
    private static readonly int[] Counts = [20, 5, 25];

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(28, ClassBalance.None, false)]
    [InlineData(28, ClassBalance.None, true)]
    [InlineData(28, ClassBalance.Weights, true)]
    [InlineData(28, ClassBalance.Focal, false)]
    [InlineData(18, ClassBalance.None, false)] // whose third convolution is oneDNN's
    [InlineData(24, ClassBalance.None, false)]
    public void Threads_that_take_parts_of_a_batch_give_the_loss_and_the_gradients_of_the_whole(
        int size, ClassBalance balance, bool isMixed)
    {
        using var model = ImageClassifier.Create(new ClassifierOptions { Height = size, Width = size, Classes = 3 });
        var options = new ClassifierTrainingOptions { Balance = balance };
        var batch = Batch(size, 1, isMixed);
        using var losses = new ClassifierLoss(options, Counts);
        var logits = model.forward(batch.Images);
        var whole = losses.Compute(logits, batch);
        Tensor[] parameters = [.. model.parameters()];
        var expected = autograd.grad([whole], parameters, retain_graph: true);

        foreach (var threads in new[] { 1, 2, 3, 7 }) // of which the seventh has nothing to do: each has eight images at least
        {
            using var ofThreads = new TorchThreads(threads);
            var (loss, right) = new ClassifierGradients(model, unlabeledWeight: 0).Compute(batch, pseudo: null, losses);

            Assert.Equal(whole.item<float>(), loss, 1e-5);
            Assert.Equal(logits.argmax(1).eq(batch.Labels).sum().item<long>(), right);
            foreach (var (gradient, parameter) in expected.Zip(parameters))
            {
                TensorAssert.Close(gradient, parameter.grad!, 1e-4, 1e-5);
            }
        }
    }

    [FactWithBFloat16]
    public void So_do_they_in_bfloat16()
    {
        using var model = ImageClassifier.Create(new ClassifierOptions { Classes = 3 });
        model.Precision = Precision.BFloat16;
        var batch = Batch(28, 1, isMixed: true);
        using var losses = new ClassifierLoss(new ClassifierTrainingOptions(), Counts);
        var gradients = new ClassifierGradients(model, unlabeledWeight: 0);
        var expected = With(1);
        foreach (var ((name, one), (_, other)) in expected.Zip(With(3)))
        {
            TensorAssert.CloseInNorm(one, other, 0.02, name);
        }

        List<(string Name, Tensor Gradient)> With(int count)
        {
            using var threads = new TorchThreads(count);
            gradients.Compute(batch, pseudo: null, losses);
            return [.. model.named_parameters().Select(entry => (entry.name, entry.parameter.grad!.clone()))];
        }
    }

    [Fact]
    public void Batch_norm_takes_a_batch_as_a_whole_and_frozen_weights_have_no_gradients()
    {
        using var threads = new TorchThreads(2);
        using var model = ImageClassifier.Create(
            new ClassifierOptions { Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = 32, Width = 32, Classes = 3 });
        model.Freeze("stem");
        using var other = model.Copy();
        var batch = Batch(32, 3, isMixed: false);
        using var losses = new ClassifierLoss(new ClassifierTrainingOptions(), Counts);
        losses.Compute(other.forward(batch.Images), batch).backward();
        new ClassifierGradients(model, unlabeledWeight: 0).Compute(batch, pseudo: null, losses);

        foreach (var ((name, parameter), (_, expected)) in model.named_parameters().Zip(other.named_parameters()))
        {
            var isFrozen = name.StartsWith("conv1.", StringComparison.Ordinal) || name.StartsWith("bn1.", StringComparison.Ordinal);
            Assert.Equal(isFrozen, parameter.grad is null);
            if (!isFrozen)
            {
                TensorAssert.CloseInNorm(expected.grad!, parameter.grad!, 1e-5, name);
            }
        }

        var batches = model.named_buffers().Where(entry => entry.name.EndsWith("num_batches_tracked", StringComparison.Ordinal));
        Assert.All(
            batches, entry => Assert.Equal(entry.name.StartsWith("bn1.", StringComparison.Ordinal) ? 0 : 1, entry.buffer.item<long>()));
    }

    [Theory]
    [InlineData(ClassifierArchitecture.Convnet)]
    [InlineData(ClassifierArchitecture.ResNet18)]
    public void No_tensor_is_left_behind(ClassifierArchitecture architecture)
    {
        using var threads = new TorchThreads(2);
        using var model = ImageClassifier.Create(
            new ClassifierOptions { Architecture = architecture, Height = 32, Width = 32, Classes = 3 });
        var batch = Batch(32, 1, isMixed: true);
        using var losses = new ClassifierLoss(new ClassifierTrainingOptions(), Counts);
        var gradients = new ClassifierGradients(model, unlabeledWeight: 0);
        gradients.Compute(batch, pseudo: null, losses);

        TensorAssert.NoneIsLeftBehind(() => gradients.Compute(batch, pseudo: null, losses));
    }

    public void Dispose() => _scope.Dispose();

    private static ClassifierBatch Batch(int size, int channels, bool isMixed)
    {
        var labels = tensor([.. Enumerable.Range(0, Images).Select(i => (long)(i * i % 3))]);
        var images = TensorAssert.Normal(1, Images, channels, size, size).abs().clamp(max: 1);
        return new ClassifierBatch(
            images, labels, isMixed ? (nn.functional.one_hot(labels, 3) * 0.8) + (nn.functional.one_hot(labels.roll(1), 3) * 0.2) : null);
    }
}
