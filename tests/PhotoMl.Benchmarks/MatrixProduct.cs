using System.Diagnostics;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>A large matrix product, whose rate is the most any network can reach.</summary>
internal sealed class MatrixProduct(ScalarType dtype) : IWorkload
{
    public const int Size = 2048;

    private readonly Tensor _a = randn(Size, Size).to(dtype);
    private readonly Tensor _b = randn(Size, Size).to(dtype);

    public TimeSpan Run(int steps)
    {
        using var withoutGradients = no_grad();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++)
        {
            using var product = _a.matmul(_b);
        }

        return clock.Elapsed;
    }
}
