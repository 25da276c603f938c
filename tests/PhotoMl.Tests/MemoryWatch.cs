using PhotoMl.Runtime;
using Xunit.Sdk;

namespace PhotoMl.Tests;

/// <summary>What a process holds step by step, as its user sees it: nothing is collected or returned for the sake of the measurement.</summary>
internal sealed class MemoryWatch
{
    private const long MostGrownBytes = 24 << 20;

    private readonly List<(long Tensors, long Bytes)> _steps = [];
    private readonly int _firstSteps;
    private int _skipped;

    /// <param name="firstSteps">The steps that are not looked at, in which allocators and caches fill.</param>
    public MemoryWatch(int firstSteps)
    {
        _firstSteps = firstSteps;

        // As in a process of its own: what other tests have freed could hide much of what is forgotten.
        TensorAssert.FinalizeOthers();
        NativeMemory.ReturnFreed();
    }

    /// <summary>Takes the figures of a step.</summary>
    /// <param name="liveTensors">The tensors alive in the process.</param>
    public void Add(long liveTensors)
    {
        if (++_skipped > _firstSteps)
        {
            _steps.Add((liveTensors, Environment.WorkingSet));
        }
    }

    /// <summary>Every step has as many tensors as the first, and the resident memory of the last quarter is that of the first.</summary>
    /// <exception cref="XunitException">Something grows.</exception>
    public void AssertFlat()
    {
        var quarter = _steps.Count / 4;
        Assert.True(quarter >= 5, $"Expected at least 20 steps but got {_steps.Count}.");
        Assert.All(_steps, step => Assert.Equal(_steps[0].Tensors, step.Tensors));
        var grown = Median(_steps[^quarter..]) - Median(_steps[..quarter]);
        Assert.True(grown <= MostGrownBytes, $"The resident memory grew by {grown >> 20} MiB from the first to the last {quarter} of {_steps.Count} steps.");
    }

    private static long Median(List<(long Tensors, long Bytes)> steps) => steps.Select(step => step.Bytes).Order().ElementAt(steps.Count / 2);
}
