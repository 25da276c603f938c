using PhotoMl.Models;
using PhotoMl.Runtime;
using TorchSharp;

namespace PhotoMl.Cli;

/// <summary>Makes torch ready for a command that computes.</summary>
internal static class TorchSession
{
    private static bool _isPrepared;

    /// <summary>Loads the native libraries and sets the number of threads.</summary>
    /// <param name="threads">How many, at least 1 since torch aborts the process at 0; null leaves torch's own choice.</param>
    /// <returns>The number of threads.</returns>
    public static int Start(int? threads)
    {
        // Before the first large block is taken, and before OpenMP is loaded.
        NativeLibraries.TuneProcess();
        NativeLibraries.EnsureLoaded();
        if (!_isPrepared)
        {
            _isPrepared = true;
            NetworkArithmetic.WrongOperatorFound += Warn;
            if (!ProcessorFeatures.HasVectors)
            {
                Warn($"{ProcessorFeatures.Name} has no AVX2 and FMA: everything is computed in software and takes many times as long");
            }
        }

        if (threads is { } count)
        {
            torch.set_num_threads(count);
        }

        return torch.get_num_threads();
    }

    // Facts of the process and its processor, not of a command.
    private static void Warn(string line) => StandardWriter.Error.WriteLine($"{Cli.Name}: warning: {line}");
}
