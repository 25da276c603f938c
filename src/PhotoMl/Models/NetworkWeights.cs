namespace PhotoMl.Models;

/// <summary>Moves a network's weights out of a file, after all of them were checked.</summary>
internal static class NetworkWeights
{
    /// <summary>Checks that a file has exactly a network's weights under a prefix.</summary>
    public static void Check(
        TensorReader reader, string prefix, IReadOnlyDictionary<string, long[]> shapes, string kind, string? othersPrefix = null)
    {
        foreach (var (name, shape) in shapes)
        {
            reader.Expect(prefix + name, shape, shape.Length == 0 ? "I64" : "F32");
        }

        var others = reader.Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)
            && !(othersPrefix is not null && name.StartsWith(othersPrefix, StringComparison.Ordinal))
            && !shapes.ContainsKey(name[prefix.Length..]));
        var extra = others.FirstOrDefault();
        reader.Require(extra is null, $"the tensors of a {kind}", $"also {extra}");
    }

    public static void CopyTo(TensorReader reader, string prefix, nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        foreach (var (name, tensor) in Of(network))
        {
            reader.CopyTo(prefix + name, tensor);
            reader.Require(tensor.isfinite().all().item<bool>(), $"finite weights in {prefix}{name}", "NaN or infinity");
        }
    }

    /// <summary>The shape of every weight of a network, by name.</summary>
    public static IReadOnlyDictionary<string, long[]> ShapesOf(Func<nn.Module> create)
    {
        NativeLibraries.EnsureLoaded();
        using var network = create();
        return Of(network).ToDictionary(weight => weight.Name, weight => weight.Tensor.shape);
    }

    public static void Copy(nn.Module from, nn.Module to)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        foreach (var ((_, source), (_, destination)) in Of(from).Zip(Of(to)))
        {
            destination.copy_(source);
        }
    }

    public static bool AreFinite(nn.Module network)
    {
        using var scope = NewDisposeScope();
        return Of(network).All(weight => weight.Tensor.isfinite().all().item<bool>());
    }

    /// <summary>Names every weight for a file: parameters, then what is counted along, such as the statistics of batch norm.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Named(nn.Module network, string prefix = "") =>
        Of(network).Select(weight => KeyValuePair.Create(prefix + weight.Name, weight.Tensor));

    private static IEnumerable<(string Name, Tensor Tensor)> Of(nn.Module network) =>
        [.. network.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)), .. network.named_buffers()];
}
