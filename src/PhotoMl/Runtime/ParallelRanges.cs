using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace PhotoMl.Runtime;

/// <summary>Work on one part of a range.</summary>
internal delegate void RangeBody(int part, int start, int end);

/// <summary>Splits a range over torch's own threads.</summary>
/// <remarks>
/// libtorch's OpenMP threads wait actively for a while after each operator, so threads of a second pool would fight them
/// for the cores: with OpenMP's own team a kernel between two operators takes half the time. Without OpenMP, .NET's pool serves.
/// The parts depend only on the range and the number of threads, so sums made part by part come out the same every time.
/// </remarks>
internal static unsafe class ParallelRanges
{
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> RunTeam =
        (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)OpenMp("GOMP_parallel");

    private static readonly delegate* unmanaged<int> ThreadNumber = (delegate* unmanaged<int>)OpenMp("omp_get_thread_num");
    private static readonly delegate* unmanaged<int> ThreadCount = (delegate* unmanaged<int>)OpenMp("omp_get_num_threads");
    private static readonly delegate* unmanaged<int, void> UseThreads = (delegate* unmanaged<int, void>)OpenMp("omp_set_num_threads");

    [ThreadStatic]
    private static bool _isInPart;

    /// <summary>Whether torch's operators that a part calls run on its thread alone; else each would take threads of its own.</summary>
    public static bool HoldOperators { get; } =
        RunTeam != null && ThreadNumber != null && ThreadCount != null && UseThreads != null;

    /// <summary>The parts of a range: one for each thread; within a part one alone.</summary>
    public static int Parts => _isInPart ? 1 : Math.Max(1, torch.get_num_threads());

    /// <summary>Runs the body once for each part and waits for all. What the body throws, the first if it throws in several parts, is
    /// thrown here.</summary>
    public static void For(int count, RangeBody body)
    {
        var work = new Work(count, Parts, body);
        if (work.Parts == 1 || count <= 1)
        {
            for (var part = 0; part < work.Parts; part++)
            {
                work.RunHere(part);
            }
        }
        else if (HoldOperators)
        {
            using var handle = new GCHandle<Work>(work);
            RunTeam(&RunThread, (void*)GCHandle<Work>.ToIntPtr(handle), (uint)work.Parts, 0);
        }
        else
        {
            Parallel.For(0, work.Parts, work.Run);
        }

        work.Failure?.Throw();
    }

    private static nint OpenMp(string name)
    {
        NativeLibraries.EnsureLoaded();
        return NativeLibraries.OpenMpPath is { } path
            && NativeLibrary.TryLoad(path, out var library)
            && NativeLibrary.TryGetExport(library, name, out var address) ? address : 0;
    }

    [UnmanagedCallersOnly]
    private static void RunThread(void* handle)
    {
        var work = GCHandle<Work>.FromIntPtr((nint)handle).Target;

        // Until the team ends, an operator takes one thread. oneDNN plans for as many as it could have, and in a team it has one: its
        // gradients by weights would lack those of the other threads, or wait for them. torch sets the number when a thread first asks.
        _ = torch.get_num_threads();
        UseThreads(1);

        // OpenMP may give fewer threads than were asked for.
        for (var part = ThreadNumber(); part < work.Parts; part += ThreadCount())
        {
            work.Run(part);
        }
    }

    private sealed record Work(int Count, int Parts, RangeBody Body)
    {
        private ExceptionDispatchInfo? _failure;

        public ExceptionDispatchInfo? Failure => _failure;

        public void RunHere(int part) => Body(part, (int)((long)Count * part / Parts), (int)((long)Count * (part + 1) / Parts));

        // No exception may leave the thread of a team.
        public void Run(int part)
        {
            _isInPart = true;
            try
            {
                RunHere(part);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            }
            finally
            {
                _isInPart = false;
            }
        }
    }
}
