using System.Diagnostics;
using PhotoMl.Training;
using Spectre.Console;

namespace PhotoMl.Cli.Output;

/// <summary>Shows a training run: live on a terminal, as plain lines elsewhere.</summary>
internal static class TrainingProgressView
{
    /// <summary>Runs the training with its progress shown.</summary>
    public static T Show<T>(CliHost host, bool quiet, Func<IProgress<ClassifierProgress>?, T> train) =>
        quiet ? train(null) : host.ErrorIsTerminal ? ShowLive(host, train) : train(new PlainLines(host.Error));

    private static T ShowLive<T>(CliHost host, Func<IProgress<ClassifierProgress>?, T> train)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(host.Error),
        });
        console.Profile.Width = host.Width;
        return console.Live(new Markup("starting")).AutoClear(true).Start(context => train(new LiveLines(console, context)));
    }

    private static string DescribeEpoch(ClassifierProgress value, EpochReport epoch) =>
        $"epoch {epoch.Epoch,2}/{value.Epochs}  loss {epoch.TrainLoss:F4}  accuracy {Text.Percent(epoch.TrainAccuracy)}"
        + $"  validation {Text.Percent(epoch.ValidationAccuracy)}  {epoch.ImagesPerSecond:N0} images/s";

    private static string DescribeNumbers(ClassifierProgress value) =>
        $"loss {value.Loss:F4}  accuracy {Text.Percent(value.Accuracy)}  {value.ImagesPerSecond:N0} images/s  {value.LiveTensors} live tensors";

    private sealed class PlainLines(TextWriter error) : IProgress<ClassifierProgress>
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

        private readonly Stopwatch _sinceLine = Stopwatch.StartNew();

        public void Report(ClassifierProgress value)
        {
            if (value.Completed is { } epoch)
            {
                error.WriteLine(DescribeEpoch(value, epoch));
            }
            else if (_sinceLine.Elapsed >= Interval)
            {
                error.WriteLine(
                    $"epoch {value.Epoch,2}/{value.Epochs}  step {value.Step}/{value.StepsPerEpoch}  {DescribeNumbers(value)}  {Text.Duration(value.Remaining)} left");
            }
            else
            {
                return;
            }

            _sinceLine.Restart();
        }
    }

    private sealed class LiveLines(IAnsiConsole console, LiveDisplayContext context) : IProgress<ClassifierProgress>
    {
        private const int BarWidth = 30;
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

        private readonly Stopwatch _sinceDrawn = Stopwatch.StartNew();

        public void Report(ClassifierProgress value)
        {
            if (value.Completed is { } epoch)
            {
                console.Write(new Markup(Markup.Escape(DescribeEpoch(value, epoch)) + "\n") { Overflow = Overflow.Ellipsis });
            }
            else if (_sinceDrawn.Elapsed >= Interval)
            {
                context.UpdateTarget(Draw(value));
                context.Refresh();
                _sinceDrawn.Restart();
            }
        }

        private static Rows Draw(ClassifierProgress value)
        {
            var done = BarWidth * value.Step / value.StepsPerEpoch;
            var bar = $"[green]{new string('━', done)}[/][grey]{new string('━', BarWidth - done)}[/]";
            return new Rows(
                Line($"epoch {value.Epoch,2}/{value.Epochs}  {bar}  step {value.Step}/{value.StepsPerEpoch}  {Text.Duration(value.Remaining)} left"),
                Line(Markup.Escape(DescribeNumbers(value))));
        }

        private static Markup Line(string markup) => new(markup) { Overflow = Overflow.Ellipsis };
    }
}
