using PhotoMl.Kernels;
using PhotoMl.Runtime;
using static TorchSharp.torch;

namespace PhotoMl.Models;

/// <summary>The operators that the networks of this library are computed by, and whether the processor at hand computes them right.</summary>
public static class NetworkArithmetic
{
    private static readonly int[] Channels = [1, 3];

    /// <summary>Raised once, with one line for the user, when an operator that is about to be used turns out to be wrong.</summary>
    public static event Action<string>? WrongOperatorFound
    {
        add => ArithmeticCheck.WrongOperatorFound += value;
        remove => ArithmeticCheck.WrongOperatorFound -= value;
    }

    /// <summary>Compares every operator of every network, in float32 and bfloat16, with float64. An operator that could end the process is not among them.</summary>
    /// <returns>The errors of each; about a second's work.</returns>
    /// <exception cref="NativeLibraryException">libtorch cannot be loaded.</exception>
    public static IReadOnlyList<OperatorCheck> Check()
    {
        NativeLibraries.EnsureLoaded();
        return [.. Operators().Select(candidate => ArithmeticCheck.Measure(candidate, withGradients: true))];
    }

    internal static IEnumerable<CheckedOperator> Operators() => Channels.SelectMany<int, CheckedOperator>(channels =>
    {
        var convnet = new ClassifierOptions { Channels = channels };
        var resnet = new ClassifierOptions { Architecture = ClassifierArchitecture.ResNet18, Channels = channels, Height = 128, Width = 128 };
        var gan = new DcganOptions { Channels = channels };
        return
        [
            .. Fused(convnet),
            .. Operators(ImageClassifier.LayersOf(convnet), _ => true),
            .. Operators(ImageClassifier.LayersOf(resnet), layer => layer.Kind == LayerKind.Linear),
            .. Operators(DcganGenerator.LayersOf(gan), _ => false),
            .. Operators(DcganDiscriminator.LayersOf(gan), _ => true),
        ];
    }).Distinct();

    private static IEnumerable<CheckedOperator> Operators(IEnumerable<(LayerSpec Layer, bool InBFloat16)> layers, Func<LayerSpec, bool> hasBias) =>
        layers.SelectMany(entry => entry.Layer.Operators(entry.InBFloat16, hasBias(entry.Layer)));

    private static IEnumerable<CheckedOperator> Fused(ClassifierOptions network)
    {
        var first = ImageClassifier.LayersOf(network).First().Layer;
        return [new ConvReluPoolOperator(first.Inputs, first.Outputs, ScalarType.Float32), new ConvReluPoolOperator(first.Inputs, first.Outputs, ScalarType.BFloat16)];
    }
}
