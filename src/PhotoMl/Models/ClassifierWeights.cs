namespace PhotoMl.Models;

/// <summary>The weights a classifier has.</summary>
internal static class ClassifierWeights
{
    /// <summary>The shapes of a classifier's weights, by name.</summary>
    /// <remarks>Known before a network is made, so that a file cannot ask for more memory than it has bytes.</remarks>
    public static IReadOnlyDictionary<string, long[]> Shapes(ConvClassifierOptions options) => new Dictionary<string, long[]>
    {
        ["conv1.weight"] = [32, options.Channels, 3, 3],
        ["conv1.bias"] = [32],
        ["conv2.weight"] = [64, 32, 3, 3],
        ["conv2.bias"] = [64],
        ["conv3.weight"] = [64, 64, 3, 3],
        ["conv3.bias"] = [64],
        ["dense1.weight"] = [64, ConvClassifier.FeatureCount(options)],
        ["dense1.bias"] = [64],
        ["dense2.weight"] = [options.Classes, 64],
        ["dense2.bias"] = [options.Classes],
    };

    /// <summary>Checks that a file has exactly a classifier's weights under a prefix.</summary>
    /// <exception cref="InvalidModelException">One is missing, too many, or of another dtype or shape.</exception>
    public static void Check(SafetensorsReader reader, string prefix, ConvClassifierOptions options) =>
        NetworkWeights.Check(reader, prefix, Shapes(options), ClassifierInfo.ClassifierKind);
}
