using System.Runtime.InteropServices;

namespace PhotoMl.Kernels;

/// <summary>Keeps what kernels make of weights, such as their transforms, while a network is evaluated on this thread: its weights then do
/// not change.</summary>
internal sealed class PreparedWeights : IDisposable
{
    [ThreadStatic]
    private static PreparedWeights? _ofThread;

    private readonly PreparedWeights? _outer = _ofThread;

    // By the object: a tensor's handle is soon that of another one.
    private readonly Dictionary<object, Dictionary<object, Tensor>> _prepared = new(ReferenceEqualityComparer.Instance);

    public PreparedWeights() => _ofThread = this;

    /// <summary>Prepares weights, or takes them as they were prepared before. Where gradients are computed nothing is kept.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="kind">What they are prepared for; equal ones are the same.</param>
    /// <param name="prepare">Prepares them.</param>
    /// <returns>A tensor of the caller's dispose scope.</returns>
    public static Tensor Get(Tensor weight, object kind, Func<Tensor> prepare)
    {
        if (_ofThread is not { } kept || is_grad_enabled())
        {
            return prepare();
        }

        var ofWeight = CollectionsMarshal.GetValueRefOrAddDefault(kept._prepared, weight, out _) ??= [];
        if (!ofWeight.TryGetValue(kind, out var prepared))
        {
            prepared = ofWeight[kind] = prepare().DetachFromDisposeScope();
        }

        return prepared.alias();
    }

    public void Dispose()
    {
        _ofThread = _outer;
        foreach (var tensor in _prepared.Values.SelectMany(ofWeight => ofWeight.Values))
        {
            tensor.Dispose();
        }
    }
}
