using System.Diagnostics;
using System.Globalization;

namespace PhotoMl.Benchmarks;

/// <summary>One side of a comparison, in a process of its own: allocator settings and threads of one do not help or hurt another.</summary>
internal sealed class WorkerProcess : IDisposable
{
    // Waiting OpenMP threads of the side before keep a core busy for some milliseconds.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;

    /// <summary>Starts the process of a workload, which torch computes with so many threads.</summary>
    public WorkerProcess(string workload, int threads) =>
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["worker", workload, $"{threads}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>Lets the side have its turn, while all others wait; a step that warms the caches is not counted.</summary>
    /// <returns>Seconds a step.</returns>
    public double Run(int steps)
    {
        Thread.Sleep(Rest);
        _process.StandardInput.WriteLine(steps.ToString(CultureInfo.InvariantCulture));
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("A worker ended before its time.");
        return double.Parse(answer, CultureInfo.InvariantCulture) / steps;
    }

    /// <summary>Serves turns in the worker's own process until its input ends.</summary>
    public static void Serve(IWorkload workload)
    {
        while (Console.ReadLine() is { } line)
        {
            Time(workload, steps: 1);
            var time = Time(workload, int.Parse(line, CultureInfo.InvariantCulture));
            Console.WriteLine(time.TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private static TimeSpan Time(IWorkload workload, int steps)
    {
        workload.Prepare(steps);
        var clock = Stopwatch.StartNew();
        workload.Run(steps);
        return clock.Elapsed;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
