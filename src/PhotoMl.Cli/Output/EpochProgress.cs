using PhotoMl.Training;

namespace PhotoMl.Cli.Output;

/// <summary>Shows a training run: a line for each epoch, and below it the epoch under way.</summary>
/// <typeparam name="T">What the trainer reports.</typeparam>
internal sealed class EpochProgress<T>(IProgressText<T> text, StatusLine line, bool isTerminal) : IProgress<T>
    where T : TrainingProgress
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
        var (begin, end) = ($"epoch {value.Epoch,2}/{value.Epochs}  ", $"  {Text.Duration(value.Remaining)} left");
        var (steps, done) = ($"step {value.Step}/{value.StepsPerEpoch}", BarWidth * value.Step / value.StepsPerEpoch);
        return isTerminal
            ? $"{begin}{new string('━', done)}{new string('─', BarWidth - done)}  {steps}{end}\n"
                + $"{text.Brief(value)}  {value.ImagesPerSecond:N0} images/s  {value.LiveTensors} live tensors"
            : $"{begin}{steps}  {text.Brief(value)}{end}";
    }
}

/// <summary>What is reported of a training run's progress.</summary>
/// <typeparam name="T">What the trainer reports.</typeparam>
internal interface IProgressText<in T>
    where T : TrainingProgress
{
    /// <summary>The most important numbers of the epoch so far, which share a line of 80 columns with the position.</summary>
    string Brief(T progress);

    /// <summary>The line that stays when an epoch has ended; null where none has.</summary>
    string? Completed(T progress);

    /// <summary>What must be reported at once, on a line of its own; usually null.</summary>
    string? Message(T progress) => null;
}
