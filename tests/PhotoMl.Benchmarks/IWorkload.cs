using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>Something whose speed is measured a few steps at a time.</summary>
internal interface IWorkload
{
    /// <summary>Makes what some steps work on, which is not timed.</summary>
    void Prepare(int steps)
    {
    }

    void Run(int steps);
}

/// <summary>Steps one after the other, each in a dispose scope of its own.</summary>
internal sealed class Steps(Action step, bool hasGradients) : IWorkload
{
    public void Run(int steps)
    {
        using var mode = enable_grad(hasGradients);
        for (var i = 0; i < steps; i++)
        {
            using var scope = NewDisposeScope();
            step();
        }
    }
}
