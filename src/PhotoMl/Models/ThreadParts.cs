using PhotoMl.Kernels;

namespace PhotoMl.Models;

/// <summary>Has each thread take its part of some images through a network by itself, so that no thread waits for another after every
/// operator.</summary>
/// <remarks>A small network has more to gain than a large one, whose operators keep all threads busy.</remarks>
internal static class ThreadParts
{
    // Of fewer, a part has products too small, for which training transforms the weights again: eight of MNIST's images.
    private const long FewestPixels = 8 * 28 * 28;

    /// <summary>The most parts there can be: one for each thread, or one alone where operators cannot be held to a thread.</summary>
    public static int Most => ParallelRanges.HoldOperators ? ParallelRanges.Parts : 1;

    /// <summary>The number of parts that so many images of so many pixels are worth, at least one.</summary>
    public static int CountFor(long images, long pixels) => (int)Math.Clamp(Math.Min(images, images * pixels / FewestPixels), 1, Most);

    /// <summary>Computes the result of each part by a thread of its own, on which its operators run alone; where there can be no more than
    /// one part, on this thread with all.</summary>
    /// <param name="parts">The number of parts, at most <see cref="Most"/>.</param>
    /// <param name="compute">
    /// Computes the result of a part, with gradients, precision and prepared weights as on this thread. Its tensors must be detached from
    /// the dispose scopes of its thread. Numbers that it gives to operators must not be temporary (<see cref="KeptScalars"/>).
    /// </param>
    public static T[] Run<T>(int parts, Func<int, T> compute)
    {
        var threads = Most;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, threads);
        if (threads == 1)
        {
            return [compute(0)];
        }

        StepObserver.Begin("start of threads");
        var results = new T[parts];
        var (hasGradients, precision, weights) = (is_grad_enabled(), PrecisionScope.OfThread, PreparedWeights.OfThread);

        // By all threads, for one alone would not be held to itself; those without a part wait.
        ParallelRanges.For(threads, (part, _, _) =>
        {
            if (part >= parts)
            {
                return;
            }

            using var gradients = set_grad_enabled(hasGradients);
            using var ownPrecision = precision is { } given ? new PrecisionScope(given) : null;
            using var ownWeights = weights is null ? null : new PreparedWeights(weights);
            results[part] = compute(part);
            StepObserver.Begin("other threads' parts");
        });
        return results;
    }

    /// <summary>The images of a part: the first, and the one after the last.</summary>
    public static (long Start, long End) Range(long images, int part, int parts) => (images * part / parts, images * (part + 1) / parts);
}
