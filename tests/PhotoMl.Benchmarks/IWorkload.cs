namespace PhotoMl.Benchmarks;

/// <summary>Something whose speed is measured a few steps at a time.</summary>
internal interface IWorkload
{
    /// <summary>Runs some steps.</summary>
    /// <returns>The time they took.</returns>
    TimeSpan Run(int steps);
}
