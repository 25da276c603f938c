namespace PhotoMl.Cli.Output;

/// <summary>What is said of a training run's progress.</summary>
/// <typeparam name="T">What the trainer reports.</typeparam>
internal interface IProgressText<in T>
{
    /// <summary>Where the run stands.</summary>
    (int Epoch, int Epochs, int Step, int Steps, TimeSpan Remaining) Position(T progress);

    /// <summary>The numbers of the epoch so far.</summary>
    string Numbers(T progress);

    /// <summary>The most important of them, which share a line of 80 columns with the position.</summary>
    string Brief(T progress);

    /// <summary>The line that stays when an epoch has ended; null where none has.</summary>
    string? Completed(T progress);

    /// <summary>What must be said at once, on a line of its own; usually null.</summary>
    string? Message(T progress);
}
