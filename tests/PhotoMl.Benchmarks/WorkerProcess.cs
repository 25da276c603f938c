using System.Diagnostics;
using System.Globalization;

namespace PhotoMl.Benchmarks;

/// <summary>One side of a comparison, in a process of its own so that allocator settings and thread pools of one do not help or hurt another.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="workload">The name of the workload.</param>
    /// <param name="threads">torch's threads.</param>
    public WorkerProcess(string workload, int threads)
    {
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["worker", workload, $"{threads}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Lets the side have its turn, while all others wait.</summary>
    /// <returns>Seconds a step.</returns>
    public double Run(int steps)
    {
        _process.StandardInput.WriteLine(steps.ToString(CultureInfo.InvariantCulture));
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("A worker ended before its time.");
        return double.Parse(answer, CultureInfo.InvariantCulture) / steps;
    }

    /// <summary>Serves turns in the worker's own process until its input ends.</summary>
    public static void Serve(IWorkload workload)
    {
        while (Console.ReadLine() is { } line)
        {
            var time = workload.Run(int.Parse(line, CultureInfo.InvariantCulture));
            Console.WriteLine(time.TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
