namespace PhotoMl.Tests.Models;

/// <summary>The networks of the DCGAN composed of torch's own operators, in float64.</summary>
internal static class PlainDcgan
{
    private const double Slope = 0.3;
    private const double Epsilon = 1e-3;
    private const double DropoutRate = 0.3;

    /// <summary>Copies weights and buffers; the copies of parameters are leaves of their own.</summary>
    public static Dictionary<string, Tensor> Weights(nn.Module model)
    {
        var parameters = model.named_parameters().Select(entry => entry.name).ToHashSet();
        return model.state_dict().ToDictionary(entry => entry.Key, entry => Copy(entry.Key, entry.Value));

        Tensor Copy(string name, Tensor weight) => weight.detach().clone().to(ScalarType.Float64).requires_grad_(parameters.Contains(name));
    }

    public static Tensor Generate(
        Dictionary<string, Tensor> weights, Tensor latents, Tensor? labels, DcganOptions options, bool training)
    {
        var input = labels is null ? latents : cat([latents, eye(options.Classes, dtype: latents.dtype).index_select(0, labels)], 1);
        var x = Normalize(nn.functional.linear(input, weights["dense.weight"]), "norm1");
        x = x.view(-1, (options.Height + 3) / 4, (options.Width + 3) / 4, 256).permute(0, 3, 1, 2);
        x = Normalize(nn.functional.conv_transpose2d(x, weights["conv1.weight"], null, [1, 1], [2L, 2]), "norm2");
        x = Normalize(Double(x, weights["conv2.weight"], (options.Height + 1) / 2, (options.Width + 1) / 2), "norm3");
        return Double(x, weights["conv3.weight"], options.Height, options.Width).tanh();

        Tensor Normalize(Tensor activations, string name) => nn.functional.leaky_relu(
            nn.functional.batch_norm(
                activations,
                weights[$"{name}.running_mean"],
                weights[$"{name}.running_var"],
                weights[$"{name}.weight"],
                weights[$"{name}.bias"],
                training,
                momentum: 0.01,
                Epsilon),
            Slope);
    }

    public static Tensor Discriminate(Dictionary<string, Tensor> weights, Tensor images, Tensor? labels, long? dropoutSeed)
    {
        var x = Drop(nn.functional.conv2d(images, weights["conv1.weight"], weights["conv1.bias"], [2L, 2], [2L, 2]), dropoutSeed);
        x = Drop(nn.functional.conv2d(x, weights["conv2.weight"], weights["conv2.bias"], [2L, 2], [2L, 2]), ~dropoutSeed).flatten(1);
        var logits = nn.functional.linear(x, weights["dense.weight"], weights["dense.bias"]).squeeze(1);
        return labels is null ? logits : logits + (x * weights["classes.weight"].index_select(0, labels)).sum([1L]);
    }

    // 2 n - 1 or 2 n pixels of n.
    private static Tensor Double(Tensor x, Tensor weight, long height, long width) => nn.functional.conv_transpose2d(
        x, weight, null, [2, 2], [2L, 2], [height - (2 * x.shape[2]) + 1, width - (2 * x.shape[3]) + 1]);

    private static Tensor Drop(Tensor x, long? seed)
    {
        var active = nn.functional.leaky_relu(x, Slope);
        if (seed is not { } value)
        {
            return active;
        }

        var kept = new DropoutMask(DropoutRate, value).ToTensor(x.shape[0], x.shape[2], x.shape[3], x.shape[1]).permute(0, 3, 1, 2);
        return active * kept / (1 - DropoutRate);
    }
}
