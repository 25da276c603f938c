using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Training;

/// <summary>The tensors of a run: networks and optimizers, each under a prefix of its own in a checkpoint.</summary>
internal abstract class RunWeights : IDisposable
{
    protected abstract IEnumerable<(string Prefix, nn.Module Network)> Networks { get; }
    protected abstract IEnumerable<(string Prefix, Optimizer Optimizer)> Optimizers { get; }

    public bool AreFinite() => Networks.All(entry => NetworkWeights.AreFinite(entry.Network));

    public IEnumerable<KeyValuePair<string, Tensor>> Named() =>
        Networks.SelectMany(entry => NetworkWeights.Named(entry.Network, entry.Prefix))
            .Concat(Optimizers.SelectMany(entry => entry.Optimizer.State.Select(state => KeyValuePair.Create(entry.Prefix + state.Key, state.Value))));

    /// <summary>Takes every tensor from a checkpoint. Where that fails, all of them are disposed, and the networks of the run too.</summary>
    public void Restore(SafetensorsReader reader, params IDisposable[] networks)
    {
        try
        {
            Restore(reader);
        }
        catch
        {
            Array.ForEach(networks.Prepend(this).ToArray(), owned => owned.Dispose());
            throw;
        }
    }

    private void Restore(SafetensorsReader reader)
    {
        foreach (var (prefix, network) in Networks)
        {
            NetworkWeights.CopyTo(reader, prefix, network);
        }

        foreach (var (prefix, optimizer) in Optimizers)
        {
            foreach (var (name, tensor) in optimizer.State)
            {
                reader.CopyTo(prefix + name, tensor);
            }

            if (optimizer.Steps < 0)
            {
                throw new InvalidModelException(reader.Path, "the steps of an optimizer", $"{optimizer.Steps}");
            }
        }

        if (reader.Tensors.Keys.Except(Named().Select(entry => entry.Key)).FirstOrDefault() is { } extra)
        {
            throw new InvalidModelException(reader.Path, "the tensors of this run", $"also {extra}");
        }
    }

    public abstract void Dispose();

    /// <summary>Updates the exponential moving average (EMA) of a network's weights after a step.</summary>
    /// <remarks>The decay after step t is at most (1 + t) / (10 + t), so that the weights of the first steps soon count for nothing.</remarks>
    protected static void UpdateEma(nn.Module? ema, nn.Module network, double decay, long step)
    {
        if (ema is null)
        {
            return;
        }

        var share = 1 - Math.Min(decay, (1.0 + step) / (10.0 + step));
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        foreach (var (average, parameter) in ema.parameters().Zip(network.parameters()))
        {
            average.lerp_(parameter, share);
        }
    }

    /// <summary>Measures the batch-norm statistics of an EMA network: the plain mean over some batches.</summary>
    /// <remarks>An average of statistics is not the statistics of an average (P. Izmailov et al., "Averaging Weights Leads to Wider Optima", UAI 2018, section 3.2).</remarks>
    protected static void MeasureStatistics(
        nn.Module ema, double momentum, Action<double> setMomentum, int batches, Action<int> forward, CancellationToken cancellationToken)
    {
        using var withoutGradients = no_grad();
        ema.train();
        try
        {
            for (var batch = 0; batch < batches; batch++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                setMomentum(1.0 / (batch + 1));
                forward(batch);
            }
        }
        finally
        {
            setMomentum(momentum);
            ema.eval();
        }
    }
}
