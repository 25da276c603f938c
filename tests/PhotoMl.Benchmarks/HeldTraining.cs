namespace PhotoMl.Benchmarks;

/// <summary>A trainer on a thread of its own, let run a few steps at a time by holding it in its progress report.</summary>
/// <typeparam name="TReport">What the trainer reports.</typeparam>
internal sealed class HeldTraining<TReport> : IWorkload, IProgress<TReport>
{
    private readonly SemaphoreSlim _turn = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Func<TReport, bool> _isStep;
    private int _stepsLeft;

    /// <param name="fit">Trains for longer than will be measured.</param>
    /// <param name="isStep">Distinguishes the report of a step from the one that ends an epoch.</param>
    public HeldTraining(Action<IProgress<TReport>> fit, Func<TReport, bool> isStep)
    {
        _isStep = isStep;
        new Thread(() => fit(this)) { IsBackground = true }.Start();
        _done.Wait();
    }

    public void Run(int steps)
    {
        _stepsLeft = steps;
        _turn.Release();
        _done.Wait();
    }

    public void Report(TReport value)
    {
        if (_isStep(value) && --_stepsLeft <= 0)
        {
            _done.Release();
            _turn.Wait();
        }
    }
}
