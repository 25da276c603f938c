using PhotoMl.Models;

namespace PhotoMl.Training;

/// <summary>A network that is trained: its prefix in a checkpoint, how a network like it is made, and what moves it.</summary>
internal sealed record TrainedNetwork(string Prefix, nn.Module Network, Func<nn.Module> CreateLike, Optimizer Optimizer);

/// <summary>The tensors of a run: networks being trained, of which the first is evaluated, its moving average (EMA), the kept
/// weights.</summary>
internal sealed class RunWeights : IDisposable
{
    public const string KeptPrefix = "kept.";

    private readonly double _emaDecay;
    private readonly TrainedNetwork[] _trained;
    private readonly nn.Module[] _kept;
    private readonly nn.Module? _average;
    private readonly Dictionary<string, Tensor>? _averages;

    public RunWeights(double emaDecay, params TrainedNetwork[] trained)
    {
        (_emaDecay, _trained, _kept) = (emaDecay, trained, Array.ConvertAll(trained, Copy));
        _average = emaDecay > 0 ? Copy(trained[0]) : null;
        _averages = _average?.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
    }

    /// <summary>The networks being trained, which are the caller's; all others are disposed with this object.</summary>
    public nn.Module[] Trained => Array.ConvertAll(_trained, entry => entry.Network);

    /// <summary>The network that is evaluated: the EMA where there is one.</summary>
    public nn.Module Evaluated => _average ?? _trained[0].Network;

    /// <summary>The network as it was evaluated in the kept epoch; before the first, the one the run began with.</summary>
    public nn.Module Kept => _kept[0];

    /// <summary>How often the evaluated network was moved.</summary>
    public long Steps => _trained[0].Optimizer.Steps;

    private IEnumerable<(string Prefix, nn.Module Network)> Networks => _trained.Select(entry => (entry.Prefix, entry.Network))
        .Concat(_trained.Zip(_kept, (entry, kept) => (KeptPrefix + entry.Prefix, kept)))
        .Concat(_average is null ? [] : [("average.", _average)]);

    private IEnumerable<KeyValuePair<string, Tensor>> Remembered => _trained.SelectMany(
        entry => entry.Optimizer.State.Select(state => KeyValuePair.Create($"optimizer.{entry.Prefix}{state.Key}", state.Value)));

    public bool AreFinite() => Networks.All(entry => NetworkWeights.AreFinite(entry.Network));

    public IEnumerable<KeyValuePair<string, Tensor>> Named() =>
        Networks.SelectMany(entry => NetworkWeights.Named(entry.Network, entry.Prefix)).Concat(Remembered);

    /// <summary>Takes every tensor from a checkpoint. Where that fails, all of them are disposed, and the networks of the run
    /// too.</summary>
    public void ReadFrom(SafetensorsReader reader)
    {
        try
        {
            foreach (var (prefix, network) in Networks)
            {
                NetworkWeights.CopyTo(reader, prefix, network);
            }

            foreach (var (name, tensor) in Remembered)
            {
                reader.CopyTo(name, tensor);
            }

            if (_trained.Min(entry => entry.Optimizer.Steps) is < 0 and var steps)
            {
                throw new InvalidModelException(reader.Path, "the steps of an optimizer", $"{steps}");
            }

            if (reader.Tensors.Keys.Except(Named().Select(entry => entry.Key)).FirstOrDefault() is { } extra)
            {
                throw new InvalidModelException(reader.Path, "the tensors of this run", $"also {extra}");
            }
        }
        catch
        {
            Dispose();
            Array.ForEach(Trained, network => network.Dispose());
            throw;
        }
    }

    /// <summary>Moves a network along its gradients, and the EMA of the evaluated one.</summary>
    /// <remarks>The decay after step t is at most (1 + t) / (10 + t), so that the weights of the first steps soon count for
    /// nothing.</remarks>
    public void Step(nn.Module network, double learningRate)
    {
        var entry = Array.Find(_trained, candidate => candidate.Network == network)!;
        var share = 1 - Math.Min(_emaDecay, (2.0 + Steps) / (11.0 + Steps));
        entry.Optimizer.Step(learningRate, entry == _trained[0] ? _averages : null, share);
    }

    /// <summary>Measures the batch-norm statistics of the EMA, where there are any: the plain mean over some batches.</summary>
    /// <remarks>An average of statistics is not the statistics of an average (P. Izmailov et al., "Averaging Weights Leads to Wider
    /// Optima", UAI 2018, section 3.2).</remarks>
    public void MeasureStatistics(
        double momentum, Action<double> setMomentum, int batches, Action<int> forward, CancellationToken cancellationToken)
    {
        if (_average is null || !_average.named_buffers().Any())
        {
            return;
        }

        using var withoutGradients = no_grad();
        Evaluated.train();
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
            Evaluated.eval();
        }
    }

    /// <summary>Keeps the weights: of the first network those that were evaluated.</summary>
    public void Keep()
    {
        foreach (var (entry, kept) in _trained.Zip(_kept))
        {
            NetworkWeights.Copy(entry == _trained[0] ? Evaluated : entry.Network, kept);
        }
    }

    /// <summary>Goes back to the kept weights; the optimizers forget what they remember.</summary>
    public void GoBack()
    {
        foreach (var (entry, kept) in _trained.Zip(_kept))
        {
            NetworkWeights.Copy(kept, entry.Network);
            entry.Optimizer.Reset();
        }

        if (_average is not null)
        {
            NetworkWeights.Copy(Kept, _average);
        }
    }

    /// <summary>Gives the first network the kept weights, at the end of a run.</summary>
    public void Finish() => NetworkWeights.Copy(Kept, _trained[0].Network);

    public void Dispose()
    {
        Array.ForEach(_kept, network => network.Dispose());
        Array.ForEach(_trained, entry => entry.Optimizer.Dispose());
        _average?.Dispose();
    }

    private static nn.Module Copy(TrainedNetwork trained)
    {
        var copy = trained.CreateLike();
        NetworkWeights.Copy(trained.Network, copy);
        return copy;
    }
}
