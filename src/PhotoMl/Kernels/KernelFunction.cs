namespace PhotoMl.Kernels;

/// <summary>An operator with a gradient of its own. What a pass makes ends with it, but for its results and what the graph keeps.</summary>
internal abstract class KernelFunction<T, TSettings> : autograd.SingleTensorFunction<T>
    where T : KernelFunction<T, TSettings>, new()
    where TSettings : notnull
{
    public override string Name => typeof(T).Name;

    /// <summary>Computes the result; where no gradient is asked for without a node of the graph, whose memory only the collector
    /// frees.</summary>
    protected static Tensor Call(TSettings settings, params Tensor?[] inputs)
    {
        using var scope = NewDisposeScope();
        var isTracked = is_grad_enabled() && inputs.Any(input => input is { requires_grad: true });
        return StepObserver.Run(() => typeof(T).Name, flops: default, inputs[0]!, Compute).MoveToOuterDisposeScope();

        Tensor Compute(Tensor first)
        {
            object?[] variables = [first, .. inputs[1..], settings];
            return isTracked ? apply(variables!) : new T().forward(null!, variables!);
        }
    }

    /// <summary>Computes the result, and what <see cref="Gradients"/> needs where a gradient by some input is asked for.</summary>
    protected abstract (Tensor Result, Tensor[] Saved) Forward(TSettings settings, Tensor?[] inputs, bool[] needsGrad);

    /// <summary>The gradients by the first inputs, null where there is none.</summary>
    protected abstract Tensor?[] Gradients(TSettings settings, List<Tensor> saved, Tensor gradient, bool[] needsGrad);

    public sealed override Tensor forward(autograd.AutogradContext? ctx, params object[] vars)
    {
        var (settings, inputs) = ((TSettings)vars[^1], vars[..^1].Cast<Tensor?>().ToArray());
        bool[] needsGrad = [.. inputs.Select(input => ctx is not null && input is { requires_grad: true })];
        var (result, saved) = Forward(settings, inputs, needsGrad);
        ctx?.save_for_backward([.. saved]);
        ctx?.save_data(Name, (settings, needsGrad));
        return result;
    }

    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var (settings, needsGrad) = ((TSettings, bool[]))ctx.get_data(Name);
        var gradients = Gradients(settings, ctx.get_saved_variables(), grad_output, needsGrad);
        Array.Resize(ref gradients, needsGrad.Length + 1);
        return [.. gradients.Select(gradient => gradient?.MoveToOuterDisposeScope()!)];
    }
}

/// <summary>A loop over activations in float32 (<c>float</c>) or bfloat16 (<c>ushort</c>) memory, which runs part by part.</summary>
/// <remarks>A kernel holds the tensors that it reads and writes; all are contiguous, on the CPU, and outlive the run.</remarks>
internal interface IKernel
{
    void Run<T>(int part, int start, int end)
        where T : unmanaged;

    public static void Run(IKernel kernel, ScalarType dtype, long count) =>
        ParallelRanges.For((int)count, dtype == ScalarType.BFloat16 ? kernel.Run<ushort> : kernel.Run<float>);
}
