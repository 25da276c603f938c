using PhotoMl.Runtime;

namespace PhotoMl.Models;

/// <summary>Has all networks compute in one precision on this thread, whatever their own, until it is disposed; other threads that use them notice nothing.</summary>
/// <remarks>Like <c>torch.autocast</c>, it belongs to the thread.</remarks>
internal sealed class PrecisionScope : IDisposable
{
    [ThreadStatic]
    private static Precision? _ofThread;

    private readonly Precision? _outer = _ofThread;

    public PrecisionScope(Precision precision) => _ofThread = ProcessorFeatures.Resolve(precision);

    /// <summary>The precision that a network computes in on this thread.</summary>
    public static Precision Of(Precision own) => _ofThread ?? own;

    public void Dispose() => _ofThread = _outer;
}
