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
    private static readonly OpenMp? Team = OpenMp.Find();

    public static int Parts => Math.Max(1, torch.get_num_threads());

    /// <summary>Runs the body once for each part and waits for all. The body must not throw.</summary>
    public static void For(int count, int parts, RangeBody body)
    {
        if (parts == 1 || count <= 1)
        {
            for (var part = 0; part < parts; part++)
            {
                RunPart(part, parts, count, body);
            }
        }
        else if (Team is { } team)
        {
            var work = GCHandle.Alloc(new Work(team, count, parts, body));
            team.Parallel(&RunThread, (void*)GCHandle.ToIntPtr(work), (uint)parts, 0);
            work.Free();
        }
        else
        {
            Parallel.For(0, parts, part => RunPart(part, parts, count, body));
        }
    }

    [UnmanagedCallersOnly]
    private static void RunThread(void* handle)
    {
        var work = (Work)GCHandle.FromIntPtr((nint)handle).Target!;

        // OpenMP may give fewer threads than were asked for.
        for (var part = work.Team.ThreadNumber(); part < work.Parts; part += work.Team.ThreadCount())
        {
            RunPart(part, work.Parts, work.Count, work.Body);
        }
    }

    private static void RunPart(int part, int parts, int count, RangeBody body) =>
        body(part, (int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));

    private sealed record Work(OpenMp Team, int Count, int Parts, RangeBody Body);

    private sealed class OpenMp
    {
        public required delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel { get; init; }

        public required delegate* unmanaged<int> ThreadNumber { get; init; }

        public required delegate* unmanaged<int> ThreadCount { get; init; }

        public static OpenMp? Find()
        {
            NativeLibraries.EnsureLoaded();
            if (NativeLibraries.OpenMpPath is not { } path
                || !NativeLibrary.TryLoad(path, out var library)
                || !NativeLibrary.TryGetExport(library, "GOMP_parallel", out var parallel)
                || !NativeLibrary.TryGetExport(library, "omp_get_thread_num", out var number)
                || !NativeLibrary.TryGetExport(library, "omp_get_num_threads", out var threads))
            {
                return null;
            }

            return new OpenMp
            {
                Parallel = (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)parallel,
                ThreadNumber = (delegate* unmanaged<int>)number,
                ThreadCount = (delegate* unmanaged<int>)threads,
            };
        }
    }
}
