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
    private readonly Dictionary<object, Dictionary<object, Tensor>> _prepared;
    private readonly bool _isShared;

    /// <summary>Keeps them until it is disposed, or shares what another thread keeps for longer.</summary>
    public PreparedWeights(PreparedWeights? shared = null)
    {
        (_prepared, _isShared) = (shared?._prepared ?? new(ReferenceEqualityComparer.Instance), shared is not null);
        _ofThread = this;
    }

    public static PreparedWeights? OfThread => _ofThread;

    /// <summary>Prepares weights, or takes them as they were prepared before. Where gradients are computed nothing is kept.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="kind">What they are prepared for; equal ones are the same.</param>
    /// <param name="prepare">Prepares them.</param>
    /// <returns>A tensor of the caller's dispose scope.</returns>
    public static Tensor Get(Tensor weight, object kind, Func<Tensor> prepare)
    {
        if (_ofThread?._prepared is not { } kept || is_grad_enabled())
        {
            return prepare();
        }

        lock (kept)
        {
            var ofWeight = CollectionsMarshal.GetValueRefOrAddDefault(kept, weight, out _) ??= [];
            if (!ofWeight.TryGetValue(kind, out var prepared))
            {
                prepared = ofWeight[kind] = prepare().DetachFromDisposeScope();
            }

            return prepared.alias();
        }
    }

    public void Dispose()
    {
        _ofThread = _outer;
        foreach (var tensor in _isShared ? [] : _prepared.Values.SelectMany(ofWeight => ofWeight.Values))
        {
            tensor.Dispose();
        }
    }
}
