namespace PhotoMl.Cli.Output;

/// <summary>Shows a training run: a line for each epoch, and below it the epoch under way.</summary>
/// <typeparam name="T">What the trainer reports.</typeparam>
internal sealed class TrainingProgress<T>(IProgressText<T> text, StatusLine line, bool isTerminal) : IProgress<T>
{
    private const int BarWidth = 30;

    public void Report(T value)
    {
        var completed = text.Completed(value);
        foreach (var finished in new[] { completed, text.Message(value) }.OfType<string>())
        {
            line.Write(finished);
        }

        if (completed is null)
        {
            line.Show(() => Draw(value));
        }
    }

    private string Draw(T value)
    {
        var (epoch, epochs, step, steps, remaining) = text.Position(value);
        var (begin, end) = ($"epoch {epoch,2}/{epochs}  ", $"  {Text.Duration(remaining)} left");
        var done = BarWidth * step / steps;
        return isTerminal
            ? $"{begin}{new string('━', done)}{new string('─', BarWidth - done)}  step {step}/{steps}{end}\n{text.Numbers(value)}"
            : $"{begin}step {step}/{steps}  {text.Brief(value)}{end}";
    }
}

/// <summary>What is reported of a training run's progress.</summary>
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

    /// <summary>What must be reported at once, on a line of its own; usually null.</summary>
    string? Message(T progress) => null;
}
