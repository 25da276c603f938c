using PhotoMl.Kernels;

namespace PhotoMl.Models;

/// <summary>The operators that the networks of this library are computed by, and whether the processor at hand computes them
/// right.</summary>
public static class NetworkArithmetic
{
    /// <summary>Raised once, with one line for the user, when an operator that is about to be used turns out to be wrong.</summary>
    public static event Action<string>? WrongOperatorFound
    {
        add => ArithmeticCheck.WrongOperatorFound += value;
        remove => ArithmeticCheck.WrongOperatorFound -= value;
    }

    /// <summary>Compares every operator of every network, in float32 and bfloat16, with float64; one that could end the process is not
    /// among them.</summary>
    /// <returns>The errors of each; about a second's work.</returns>
    /// <exception cref="NativeLibraryException">libtorch cannot be loaded.</exception>
    public static IReadOnlyList<OperatorCheck> Check() =>
        [.. Operators().Select(candidate => ArithmeticCheck.Measure(candidate, withGradients: true))];

    internal static IReadOnlyList<LayerOperator> Operators()
    {
        NativeLibraries.EnsureLoaded();
        var operators = new List<LayerOperator>();
        foreach (var channels in new[] { 1, 3 })
        {
            var options = new ClassifierOptions { Channels = channels, Height = 32, Width = 32 };
            using var convnet = ImageClassifier.CreateBlank(options with { Height = 28, Width = 28 }, META);
            using var resnet = ImageClassifier.CreateBlank(options with { Architecture = ClassifierArchitecture.ResNet18 }, META);
            using var generator = new DcganGenerator(new DcganOptions { Channels = channels, Classes = 10 }, seed: null, META);
            using var discriminator = new DcganDiscriminator(new DcganOptions { Channels = channels, Classes = 10 }, seed: null, META);
            nn.Module[] networks = [convnet, resnet, generator, discriminator];
            operators.AddRange(networks.SelectMany(Layer.Of).SelectMany(layer => layer.Operators));
        }

        return [.. operators.Distinct()];
    }
}
