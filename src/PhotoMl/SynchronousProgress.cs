namespace PhotoMl;

/// <summary>Calls back on the thread that reports, before it goes on; <see cref="Progress{T}"/> calls back later and on another.</summary>
/// <typeparam name="T">What is reported.</typeparam>
/// <param name="report">What to do with it.</param>
public sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => report(value);
}
