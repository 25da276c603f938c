namespace PhotoMl.Runtime;

/// <summary>The native memory that TorchSharp leaves to finalizers.</summary>
internal static class NativeLeftovers
{
    private const int StepsPerRelease = 4;

    private static int _steps;
    private static int _uses;

    [ThreadStatic]
    private static int _ownUses;

    /// <summary>Finalizes what recent steps of the process have left, after every fourth.</summary>
    /// <remarks>
    /// Numbers passed to operators and the nodes of custom functions hold a few bytes of native memory until they are finalized. To the
    /// collector they weigh nothing, but between blocks of 16 MB they keep the C library's heap from joining what is free: the resident
    /// memory of a DCGAN's training grew to 3.1 GB, of which 0.15 were in use, where it stays below 1 GB with a collection of the youngest
    /// generation every few steps; evaluating a ResNet-18 of 128 x 128 pixels took 1.3 GB, where it takes 0.6.
    /// </remarks>
    /// <param name="steps">How many have been done.</param>
    public static void ReleaseSometimes(int steps = 1)
    {
        var all = Interlocked.Add(ref _steps, steps);
        if (all / StepsPerRelease != (all - steps) / StepsPerRelease)
        {
            Release();
        }
    }

    /// <summary>Finalizes what is left, unless another thread trains or evaluates a network: a number that TorchSharp has just passed to an
    /// operator would be finalized while the operator reads it.</summary>
    public static void Release()
    {
        if (Volatile.Read(ref _uses) == _ownUses)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: false);
        }
    }

    /// <summary>Notes that this thread begins (1) or ends (-1) to train or evaluate a network.</summary>
    public static void CountUse(int change)
    {
        _ownUses += change;
        Interlocked.Add(ref _uses, change);
    }
}
