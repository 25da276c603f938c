namespace PhotoMl.Training;

/// <summary>How the learning rate changes during a run.</summary>
public enum ScheduleKind
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>It falls along half a cosine to zero.</summary>
    Cosine,

    /// <summary>It rises from 1/25 to its peak over the first 30 % of the run, then falls to 1/10,000 of where it began.</summary>
    OneCycle,
}
