using PhotoMl.Models;

namespace PhotoMl.Tests;

/// <summary>All weights of a network as bytes, to compare them bit for bit.</summary>
internal static class WeightBytes
{
    public static byte[] Of(ConvClassifier model) => [.. model.parameters().SelectMany(parameter => parameter.detach().bytes.ToArray())];
}
