namespace PhotoMl.Runtime;

/// <summary>Measures what the time of a training step, or of a prediction, goes to; the benchmarks have one.</summary>
internal abstract class StepObserver
{
    /// <summary>The observer of this process; null, the default, for none.</summary>
    public static StepObserver? Current { get; set; }

    /// <summary>Begins a part of the step, such as its batch; it ends where the next begins.</summary>
    public static void Begin(string part) => Current?.OnBegin(part);

    /// <summary>Computes an operator of one input under the observer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="flops">The multiplications and additions of both passes; 0 where they are not counted.</param>
    /// <param name="input">The input.</param>
    /// <param name="compute">Computes the output.</param>
    public static Tensor Run(Func<string> name, PassFlops flops, Tensor input, Func<Tensor, Tensor> compute) =>
        Current is null ? compute(input) : Current.OnRun(name(), flops, input, compute);

    protected abstract void OnBegin(string part);

    /// <summary>Computes an operator; one within another belongs to that.</summary>
    protected abstract Tensor OnRun(string name, PassFlops flops, Tensor input, Func<Tensor, Tensor> compute);
}

/// <summary>The multiplications and additions of an operator's forward and backward pass.</summary>
internal readonly record struct PassFlops(double Forward, double Backward);
