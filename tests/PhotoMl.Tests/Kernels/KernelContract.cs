namespace PhotoMl.Tests.Kernels;

/// <summary>What every operator of the kernels holds, compared with torch's plain operators in float64.</summary>
internal static class KernelContract
{
    private const double BFloat16Rounding = 1.0 / 256; // half a step of 8 significant bits

    /// <summary>
    /// Results and gradients are those of float64 whatever the threads, strides and gradients needed; the same threads give the same
    /// bits, results are channels-last, and no tensor is left behind.
    /// </summary>
    /// <param name="kernel">The operator: its result first, then what else it changes.</param>
    /// <param name="plain">The same in torch's operators.</param>
    /// <param name="inputs">The tensors that both take; they get clones.</param>
    /// <param name="gradients">How many of the inputs, from the first on, have gradients.</param>
    /// <param name="tolerance">The largest error of a result in float32, as a share of its largest element.</param>
    /// <param name="relative">The largest error of an element in bfloat16, as a share of it.</param>
    /// <param name="isTaken">Whether a kernel takes the inputs, whose results are channels-last, rather than torch.</param>
    public static void Check(
        Func<Tensor[], Tensor[]> kernel,
        Func<Tensor[], Tensor[]> plain,
        Tensor[] inputs,
        int gradients,
        double tolerance,
        double relative = BFloat16Rounding,
        bool isTaken = true)
    {
        using var scope = NewDisposeScope();
        var all = Enumerable.Range(0, gradients).ToArray();
        var upstream = Upstream(kernel, inputs);
        Tensor[] exact = [.. inputs.Select(input => input.to(ScalarType.Float64))];
        var expected = Run(plain, exact, all, upstream.to(ScalarType.Float64));
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var limited = new TorchThreads(threads);
            var found = Run(kernel, inputs, all, upstream);
            Close(expected, found);
            Assert.Equal(inputs[0].dtype, found.Gradients[0]!.dtype);
            Assert.True(!isTaken || found.Results[0].permute(0, 2, 3, 1).is_contiguous());
        }

        Same(Run(kernel, inputs, all, upstream), Run(kernel, inputs, all, upstream));
        foreach (var order in new[] { new long[] { 0, 2, 3, 1 }, [3, 2, 1, 0] })
        {
            Close(expected, Run(kernel, [.. inputs.Select(input => Stored(input, order))], all, Stored(upstream, order)));
        }

        // As the gradient of a sum, which repeats one number.
        var one = ones(1, upstream.dtype).expand(upstream.shape);
        Close(Run(plain, exact, all, one.to(ScalarType.Float64)), Run(kernel, inputs, all, one));
        foreach (var needed in all)
        {
            Close(expected, Run(kernel, inputs, [needed], upstream));
        }

        using (no_grad())
        {
            Close(expected with { Gradients = [] }, Run(kernel, inputs, [], upstream));
        }

        TensorAssert.NoneIsLeftBehind(() =>
        {
            using var inner = NewDisposeScope();
            Run(kernel, inputs, all, upstream);
            Run(kernel, inputs, [], upstream);
        });

        void Close(Outcome exact, Outcome found)
        {
            foreach (var (expected, actual) in exact.Results.Concat(exact.Gradients).Zip(found.Results.Concat(found.Gradients)))
            {
                if (actual is not null)
                {
                    TensorAssert.Close(expected!, actual, actual.dtype == ScalarType.BFloat16 ? relative : 0, tolerance);
                }
            }
        }
    }

    /// <summary>Checks a layer, which is computed by a route, or by any.</summary>
    public static void CheckLayer(
        LayerSpec layer, string? route, int batch, int height, int width, bool hasBias, double tolerance, (long, long)? size = null)
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs =
        [
            TensorAssert.Normal(1, batch, layer.Inputs, height, width),
            TensorAssert.Normal(2, layer.WeightShape),
            .. hasBias ? [TensorAssert.Normal(3, layer.Outputs)] : Array.Empty<Tensor>(),
        ];
        Assert.Equal(route ?? LayerRoute.Find(Input(inputs)).Name, LayerRoute.Find(Input(inputs)).Name);
        Check(
            p => [layer.Apply(p[0], p[1], p.ElementAtOrDefault(2), size)],
            p => [LayerRoutes.Torch.Run(Input(p))],
            inputs,
            inputs.Length,
            tolerance,
            isTaken: route is not ("oneDNN" or null));

        LayerInput Input(Tensor[] p) => new(layer, p[0], p[1], p.ElementAtOrDefault(2), size ?? layer.OutputSize(p[0]));
    }

    /// <summary>The same numbers with axes in another order in memory.</summary>
    public static Tensor Stored(Tensor tensor, params long[] order) => tensor.dim() != order.Length
        ? tensor
        : tensor.permute(order).contiguous().permute([.. order.Select((_, i) => (long)Array.IndexOf(order, i))]);

    private static Tensor Upstream(Func<Tensor[], Tensor[]> kernel, Tensor[] inputs)
    {
        using var withoutGradients = no_grad();
        var result = kernel([.. inputs.Select(input => input.clone())])[0];
        return TensorAssert.Normal(99, result.shape).to(result.dtype);
    }

    private static Outcome Run(Func<Tensor[], Tensor[]> function, Tensor[] inputs, int[] needed, Tensor upstream)
    {
        Tensor[] own = [.. inputs.Select((input, i) => input.detach().clone().requires_grad_(needed.Contains(i)))];
        var results = function(own);
        Assert.Equal(needed.Length > 0, results[0].requires_grad);
        if (needed.Length > 0)
        {
            results[0].backward([upstream]);
        }

        Assert.All(own.Index(), input => Assert.Equal(needed.Contains(input.Index), input.Item.grad is not null));
        return new Outcome([.. results.Select(result => result.detach())], [.. own.Select(input => input.grad)]);
    }

    private static void Same(Outcome expected, Outcome actual)
    {
        foreach (var (one, other) in expected.Results.Concat(expected.Gradients).Zip(actual.Results.Concat(actual.Gradients)))
        {
            if (one is not null)
            {
                TensorAssert.Equal(one, other!);
            }
        }
    }

    private sealed record Outcome(IReadOnlyList<Tensor> Results, IReadOnlyList<Tensor?> Gradients);
}
