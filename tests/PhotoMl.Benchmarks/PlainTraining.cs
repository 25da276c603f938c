using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>The loops of the examples around a classifier: default layers, float32, a dispose scope a step, batches in memory.</summary>
internal static class PlainTraining
{
    private const int Classes = 10;

    /// <summary>The training loop, with Adam.</summary>
    /// <param name="model">The network.</param>
    /// <param name="batches">The number of batches in memory.</param>
    /// <param name="shape">The shape of a batch, (N, C, H, W).</param>
    public static IWorkload Train(nn.Module<Tensor, Tensor> model, int batches, params long[] shape)
    {
        var optimizer = optim.Adam(model.parameters(), 1e-3);
        Tensor[] images = [.. Enumerable.Range(0, batches).Select(_ => rand(shape))];
        Tensor[] labels = [.. images.Select(_ => randint(0, Classes, [shape[0]]))];
        var next = 0;
        return new Steps(
            () =>
            {
                next = (next + 1) % batches;
                optimizer.zero_grad();
                var loss = nn.functional.cross_entropy(model.forward(images[next]), labels[next]);
                loss.backward();
                optimizer.step();
                loss.item<float>();
            },
            hasGradients: true);
    }

    /// <summary>The test loop: loss and accuracy of one batch.</summary>
    public static IWorkload Evaluate(nn.Module<Tensor, Tensor> model, params long[] shape)
    {
        var (images, labels) = (rand(shape), randint(0, Classes, [shape[0]]));
        model.eval();
        return new Steps(
            () =>
            {
                var logits = model.forward(images);
                nn.functional.cross_entropy(logits, labels).item<float>();
                logits.argmax(1).eq(labels).sum().item<long>();
            },
            hasGradients: false);
    }
}
