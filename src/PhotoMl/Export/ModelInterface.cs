using PhotoMl.Models;

namespace PhotoMl.Export;

/// <summary>What a network takes and gives.</summary>
internal sealed record ModelInterface(IReadOnlyList<ExportedTensor> Inputs, ExportedTensor Output)
{
    public static ModelInterface Of(ClassifierOptions network, bool probabilities)
    {
        var images = Float("images", [network.Channels, network.Height, network.Width], "in [0, 1], a byte of a picture divided by 255");
        return new ModelInterface([images], probabilities
            ? Float("probabilities", [network.Classes], "each class's, adding up to 1")
            : Float("logits", [network.Classes], "one a class"));
    }

    public static ModelInterface Of(DcganOptions network)
    {
        var latents = Float("latents", [network.Latent], "of the standard normal distribution");
        var labels = new ExportedTensor("labels", "int64", [ExportedTensor.AnySize], $"the class of each image, 0 to {network.Classes - 1}");
        return new ModelInterface(network.Classes > 0 ? [latents, labels] : [latents], Float("images", [network.Channels, network.Height, network.Width], "in [-1, 1]"));
    }

    private static ExportedTensor Float(string name, long[] shape, string meaning) => new(name, "float32", [ExportedTensor.AnySize, .. shape], meaning);
}
