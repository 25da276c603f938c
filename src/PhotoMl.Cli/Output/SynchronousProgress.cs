namespace PhotoMl.Cli.Output;

/// <summary>Reports at once and in order, unlike the BCL's.</summary>
internal sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => report(value);
}
