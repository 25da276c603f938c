namespace PhotoMl.Models;

/// <summary>Moves a network's weights out of a file, after all of them were checked.</summary>
internal static class NetworkWeights
{
    /// <summary>Checks that a file has exactly a network's weights under a prefix, before their memory is taken: a file cannot ask for more
    /// than it has bytes.</summary>
    public static void Check(
        TensorReader reader, string prefix, Func<Device, nn.Module> create, string kind, string? othersPrefix = null)
    {
        NativeLibraries.EnsureLoaded();
        using var network = create(META);
        var shapes = ShapesOf(network);
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
        foreach (var (name, tensor) in Named(network, prefix))
        {
            reader.CopyTo(name, tensor);
            reader.Require(tensor.isfinite().all().item<bool>(), $"finite weights in {name}", "NaN or infinity");
        }
    }

    /// <summary>The shape of every weight of a network, by name.</summary>
    public static IReadOnlyDictionary<string, long[]> ShapesOf(nn.Module network) =>
        Named(network).ToDictionary(weight => weight.Key, weight => weight.Value.shape);

    public static void Copy(nn.Module from, nn.Module to)
    {
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        foreach (var ((_, source), (_, destination)) in Named(from).Zip(Named(to)))
        {
            destination.copy_(source);
        }
    }

    public static bool AreFinite(nn.Module network)
    {
        using var scope = NewDisposeScope();
        return Named(network).All(weight => weight.Value.isfinite().all().item<bool>());
    }

    /// <summary>Names every weight for a file: parameters, then what is counted along, such as the statistics of batch norm.</summary>
    public static IEnumerable<KeyValuePair<string, Tensor>> Named(nn.Module network, string prefix = "") =>
    [
        .. network.named_parameters().Select(entry => KeyValuePair.Create(prefix + entry.name, (Tensor)entry.parameter)),
        .. network.named_buffers().Select(entry => KeyValuePair.Create(prefix + entry.name, entry.buffer)),
    ];
}
