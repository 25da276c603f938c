namespace PhotoMl.Tests.Models;

/// <summary>The residual network written with torch's own operators, as torchvision composes it.</summary>
internal sealed class PlainResNet18(Dictionary<string, Tensor> weights, bool training)
{
    private static readonly double[] Mean = [0.485, 0.456, 0.406];
    private static readonly double[] Deviation = [0.229, 0.224, 0.225];

    /// <summary>Copies the weights of a network; they take gradients, and are changed by none of its passes.</summary>
    public static Dictionary<string, Tensor> CopyWeights(nn.Module network)
    {
        var copies = new Dictionary<string, Tensor>();
        foreach (var (name, parameter) in network.named_parameters())
        {
            copies[name] = parameter.detach().clone().requires_grad_(true);
        }

        foreach (var (name, buffer) in network.named_buffers())
        {
            copies[name] = buffer.clone();
        }

        return copies;
    }

    public Tensor Forward(Tensor images)
    {
        var channels = images.shape[1];
        var (mean, deviation) = channels == 3 ? (Mean, Deviation) : ([Mean.Average()], new[] { Deviation.Average() });
        long[] shape = [1, mean.Length, 1, 1];
        var x = (images - tensor(mean, shape, ScalarType.Float32)) / tensor(deviation, shape, ScalarType.Float32);
        x = nn.functional.relu(Norm(nn.functional.conv2d(x, weights["conv1.weight"], null, [2, 2], [3, 3]), "bn1"));
        x = nn.functional.max_pool2d(x, 3, 2, 1);
        for (var stage = 1; stage <= 4; stage++)
        {
            x = Block(x, $"layer{stage}.0", stage == 1 ? 1 : 2);
            x = Block(x, $"layer{stage}.1", 1);
        }

        x = nn.functional.adaptive_avg_pool2d(x, 1).flatten(1);
        return nn.functional.linear(x, weights["fc.weight"], weights["fc.bias"]);
    }

    private Tensor Block(Tensor x, string name, long stride)
    {
        var y = nn.functional.conv2d(x, weights[$"{name}.conv1.weight"], null, [stride, stride], [1, 1]);
        y = nn.functional.relu(Norm(y, $"{name}.bn1"));
        y = Norm(nn.functional.conv2d(y, weights[$"{name}.conv2.weight"], null, [1, 1], [1, 1]), $"{name}.bn2");
        if (weights.TryGetValue($"{name}.downsample.0.weight", out var shortcut))
        {
            x = Norm(nn.functional.conv2d(x, shortcut, null, [stride, stride]), $"{name}.downsample.1");
        }

        return nn.functional.relu(y + x);
    }

    private Tensor Norm(Tensor x, string name) => nn.functional.batch_norm(
        x, weights[$"{name}.running_mean"], weights[$"{name}.running_var"], weights[$"{name}.weight"], weights[$"{name}.bias"],
        training, 0.1, 1e-5);
}
