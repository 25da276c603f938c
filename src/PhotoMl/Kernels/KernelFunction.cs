namespace PhotoMl.Kernels;

/// <summary>An operator with a gradient of its own. What a pass makes ends with it, but for its results and what the graph keeps.</summary>
internal abstract class KernelFunction<T> : autograd.SingleTensorFunction<T>
    where T : KernelFunction<T>, new()
{
    public override string Name => typeof(T).Name;

    /// <summary>Computes the result; where no gradient is asked for without a node of the graph, whose memory only the collector
    /// frees.</summary>
    protected static Tensor Call(params object?[] inputs)
    {
        using var scope = NewDisposeScope();
        var isTracked = is_grad_enabled() && inputs.Any(input => input is Tensor { requires_grad: true });
        return StepObserver.Run(() => typeof(T).Name, flops: default, (Tensor)inputs[0]!, Compute).MoveToOuterDisposeScope();

        Tensor Compute(Tensor first)
        {
            inputs[0] = first;
            return isTracked ? apply(inputs!) : new T().forward(null!, inputs!);
        }
    }

    /// <summary>Keeps what <see cref="Gradients"/> needs, where there is a node of the graph.</summary>
    protected static void Save(autograd.AutogradContext? context, object settings, params List<Tensor> tensors)
    {
        context?.save_for_backward(tensors);
        context?.save_data(nameof(Save), settings);
    }

    /// <summary>The gradients by all inputs, null where there is none.</summary>
    protected abstract Tensor?[] Gradients(List<Tensor> saved, object settings, Tensor gradient);

    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var gradients = Gradients(ctx.get_saved_variables(), ctx.get_data(nameof(Save)), grad_output);
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

/// <summary>The gradients that the backward pass of a layer has to compute.</summary>
internal readonly record struct NeedsGrad(bool Input, bool Weight, bool Bias)
{
    public static NeedsGrad Of(Tensor input, Tensor weight, Tensor? bias = null) =>
        is_grad_enabled() ? new(input.requires_grad, weight.requires_grad, bias is { requires_grad: true }) : default;
}
