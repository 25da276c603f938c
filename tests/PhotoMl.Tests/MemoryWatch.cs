namespace PhotoMl.Tests;

/// <summary>What a process holds step by step, as its user sees it: nothing is collected or returned for the measurement.</summary>
internal sealed class MemoryWatch
{
    private const long MostGrownBytes = 24 << 20;
    private const long MostGrownBlocks = 8 << 20;

    private readonly List<(long Tensors, long Resident, long Allocated)> _steps = [];
    private readonly int _firstSteps;
    private int _skipped;

    /// <param name="firstSteps">The steps that do not count, in which allocators and caches fill.</param>
    public MemoryWatch(int firstSteps)
    {
        _firstSteps = firstSteps;

        // As in a process of its own: what other tests have freed could hide much of what is forgotten.
        TensorAssert.FinalizeOthers();
        NativeSettings.ReturnFreed();
    }

    /// <summary>Watches a run, and up to two more where one leaves more memory taken: a heap grows until it has room for a step.</summary>
    /// <exception cref="XunitException">Something grows in all of them.</exception>
    public static void AssertFlat(int firstSteps, Action<MemoryWatch> run)
    {
        const int Runs = 3;
        for (var i = 1; ; i++)
        {
            try
            {
                AssertFlatOnce();
                return;
            }
            catch (TrueException) when (i < Runs)
            {
            }
        }

        void AssertFlatOnce()
        {
            var watch = new MemoryWatch(firstSteps);
            run(watch);
            watch.AssertFlat();
        }
    }

    /// <summary>Takes the figures of a step.</summary>
    /// <param name="liveTensors">The tensors alive in the process.</param>
    public void Add(long liveTensors)
    {
        if (++_skipped > _firstSteps)
        {
            _steps.Add((liveTensors, Environment.WorkingSet, AllocatedBytes()));
        }
    }

    /// <summary>Every step has as many tensors as the first, and the resident and the allocated native memory of the last quarter are those
    /// of the first.</summary>
    /// <exception cref="XunitException">Something grows.</exception>
    public void AssertFlat()
    {
        var quarter = _steps.Count / 4;
        Assert.True(quarter >= 5, $"Expected at least 20 steps but got {_steps.Count}.");
        Assert.All(_steps, step => Assert.Equal(_steps[0].Tensors, step.Tensors));
        AssertFlat("resident", _steps.ConvertAll(step => step.Resident), MostGrownBytes);

        // What an early step took and freed can hide for long, in resident memory, what later ones forget.
        AssertFlat("allocated", _steps.ConvertAll(step => step.Allocated), MostGrownBlocks);

        void AssertFlat(string name, List<long> bytes, long most)
        {
            var grown = Median(bytes[^quarter..]) - Median(bytes[..quarter]);
            Assert.True(
                grown <= most,
                $"The {name} memory grew by {grown / 1048576.0:F1} MiB from the first to the last {quarter} of {bytes.Count} steps.");
        }
    }

    private static long Median(List<long> bytes) => bytes.Order().ElementAt(bytes.Count / 2);

    // What the C library has given out and not got back; 0 where it is not glibc of 2021 or later.
    private static long AllocatedBytes()
    {
        try
        {
            var info = GetAllocation();
            return (long)(info.BytesInUse + info.MappedBytes);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return 0;
        }
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern Allocation GetAllocation();

    // The struct mallinfo2 of glibc's malloc.h.
    [StructLayout(LayoutKind.Sequential)]
    private struct Allocation
    {
        private readonly nuint _arena;
        private readonly nuint _freeBlocks;
        private readonly nuint _fastBlocks;
        private readonly nuint _mappedBlocks;
        public readonly nuint MappedBytes;
        private readonly nuint _unused;
        private readonly nuint _fastBytes;
        public readonly nuint BytesInUse;
        private readonly nuint _freeBytes;
        private readonly nuint _releasable;
    }
}
