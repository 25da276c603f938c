using System.Collections.Concurrent;
using System.Diagnostics;
using PhotoMl.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace PhotoMl.Benchmarks;

/// <summary>Measures what the time of a step goes to: each operator forwards and backwards, and what is between them.</summary>
/// <remarks>From one event to the next all time belongs to one row. Backwards the events are those of two nodes of the graph around each
/// operator, which autograd reaches in the reverse order of the forward pass. Where threads take parts of a batch, the time is that of the
/// thread that the work began on, and the operations of all threads count.</remarks>
internal sealed class StepProfile : StepObserver
{
    private const string BetweenBackward = "backward, between layers";
    private const double LeastMilliseconds = 0.05;

    private readonly ConcurrentDictionary<string, Operator> _operators = [];
    private readonly Dictionary<string, Share> _parts = [];
    private Share _current = new();
    private long _since = Stopwatch.GetTimestamp();
    private Thread? _thread;
    private bool _isWithin;

    /// <summary>Forgets what was measured.</summary>
    public void Reset()
    {
        foreach (var share in _operators.Values.SelectMany(one => new[] { one.Forward, one.Backward }).Concat(_parts.Values))
        {
            (share.Ticks, share.Flops) = (0, 0);
        }

        _since = Stopwatch.GetTimestamp();
    }

    /// <summary>Writes a table: milliseconds a step, and of operators the rate and its share of the limit of their dtype.</summary>
    public void Print(TextWriter output, int steps, IReadOnlyDictionary<ScalarType, double> limits)
    {
        output.WriteLine($"{"",-42}{"forward",9}{"GFLOP/s",9}{"of limit",9}{"backward",10}{"GFLOP/s",9}{"of limit",9}");
        // What evaluates an epoch is within the steps too, in other operators, if hardly ever.
        var rows = _operators.Where(one => 1000 * Seconds(one.Value.Forward.Ticks + one.Value.Backward.Ticks) / steps >= LeastMilliseconds);
        foreach (var (name, one) in rows)
        {
            output.WriteLine($"{name,-42}{Cells(one.Forward, 9)}{Cells(one.Backward, 10)}");

            string Cells(Share share, int width)
            {
                var rate = share.Flops / Seconds(share.Ticks) / 1e9;
                var known = share is { Flops: > 0, Ticks: > 0 };
                var time = (share.Ticks > 0 ? Milliseconds(share.Ticks) : "").PadLeft(width);
                return $"{time}{(known ? $"{rate:F0}" : ""),9}{(known ? $"{rate / limits[one.Dtype]:P0}" : ""),9}";
            }
        }

        var layers = _operators.Values.Sum(one => one.Forward.Ticks + one.Backward.Ticks);
        output.WriteLine($"{"all operators",-42}{Milliseconds(layers),9}");
        foreach (var (name, part) in _parts.Where(part => part.Value.Ticks > 0))
        {
            output.WriteLine($"{name,-42}{Milliseconds(part.Ticks),9}");
        }

        output.WriteLine($"{"all",-42}{Milliseconds(layers + _parts.Values.Sum(part => part.Ticks)),9}");

        string Milliseconds(long ticks) => $"{1000 * Seconds(ticks) / steps:F2}";
    }

    /// <summary>The seconds of all that was measured.</summary>
    public double TotalSeconds =>
        Seconds(_operators.Values.Sum(one => one.Forward.Ticks + one.Backward.Ticks) + _parts.Values.Sum(part => part.Ticks));

    protected override void OnBegin(string part)
    {
        _thread ??= Thread.CurrentThread;
        if (Thread.CurrentThread != _thread)
        {
            return;
        }

        if (!_parts.TryGetValue(part, out var share))
        {
            _parts[part] = share = new Share();
        }

        Begin(share);
    }

    protected override Tensor OnRun(string name, PassFlops flops, Tensor input, Func<Tensor, Tensor> compute)
    {
        if (Thread.CurrentThread == _thread && _isWithin)
        {
            return compute(input);
        }

        name = input.dtype == ScalarType.BFloat16 ? $"{name}, bf16" : name;
        var one = _operators.GetOrAdd(name, _ => new Operator(input.dtype, new Share(), new Share()));
        one.Forward.Add(flops.Forward);
        one.Backward.Add(flops.Backward);
        if (Thread.CurrentThread != _thread)
        {
            return compute(input);
        }

        var before = _current;
        Begin(one.Forward);
        _isWithin = true;
        var output = compute(input.requires_grad ? Stamp.Apply(input, () => OnBegin(BetweenBackward)) : input);
        _isWithin = false;
        output = output.requires_grad ? Stamp.Apply(output, () => Begin(one.Backward)) : output;
        Begin(before);
        return output;
    }

    private static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    private void Begin(Share share)
    {
        var now = Stopwatch.GetTimestamp();
        _current.Ticks += now - _since;
        (_current, _since) = (share, now);
    }

    private sealed record Operator(ScalarType Dtype, Share Forward, Share Backward);

    private sealed class Share
    {
        public long Ticks { get; set; }
        public double Flops { get; set; }

        public void Add(double flops)
        {
            lock (this)
            {
                Flops += flops;
            }
        }
    }

    // The identity, which tells when autograd comes by.
    private sealed class Stamp : autograd.SingleTensorFunction<Stamp>
    {
        public override string Name => nameof(Stamp);

        public static Tensor Apply(Tensor input, Action passed) => apply(input, passed);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data(nameof(Stamp), vars[1]);
            return ((Tensor)vars[0]).alias();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            ((Action)ctx.get_data(nameof(Stamp)))();
            return [grad_output.alias(), null!];
        }
    }
}
