using System.Diagnostics;
using Spectre.Console;

namespace PhotoMl.Cli.Output;

/// <summary>Shows a training run: live on a terminal, as plain lines elsewhere.</summary>
/// <typeparam name="TProgress">What the trainer reports.</typeparam>
internal sealed class TrainingProgressView<TProgress>(IProgressText<TProgress> text, CliHost host, bool quiet)
{
    /// <summary>Runs the training with its progress shown.</summary>
    public T Show<T>(Func<IProgress<TProgress>?, T> train) =>
        quiet ? train(null) : host.ErrorIsTerminal ? ShowLive(train) : train(new PlainLines(text, host.Error));

    private T ShowLive<T>(Func<IProgress<TProgress>?, T> train)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(host.Error),
        });
        console.Profile.Width = host.Width;
        return console.Live(new Markup("starting")).AutoClear(true).Start(context => train(new LiveLines(text, console, context)));
    }

    private static string DescribePosition(int epoch, int epochs, string middle, int step, int steps, TimeSpan remaining) =>
        $"epoch {epoch,2}/{epochs}  {middle}step {step}/{steps}  {Text.Duration(remaining)} left";

    private sealed class PlainLines(IProgressText<TProgress> text, TextWriter error) : IProgress<TProgress>
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

        private readonly Stopwatch _sinceLine = Stopwatch.StartNew();

        public void Report(TProgress value)
        {
            var lines = new[] { text.Completed(value), text.Message(value) }.Where(line => line is not null).ToList();
            if (lines.Count == 0 && _sinceLine.Elapsed >= Interval)
            {
                var (epoch, epochs, step, steps, remaining) = text.Position(value);
                lines.Add($"epoch {epoch,2}/{epochs}  step {step}/{steps}  {text.Brief(value)}  {Text.Duration(remaining)} left");
            }

            foreach (var line in lines)
            {
                error.WriteLine(line);
                _sinceLine.Restart();
            }
        }
    }

    private sealed class LiveLines(IProgressText<TProgress> text, IAnsiConsole console, LiveDisplayContext context) : IProgress<TProgress>
    {
        private const int BarWidth = 30;
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
        private static readonly Markup Nothing = new(" ");

        private readonly Stopwatch _sinceDrawn = Stopwatch.StartNew();

        public void Report(TProgress value)
        {
            foreach (var line in new[] { text.Completed(value), text.Message(value) }.Where(line => line is not null))
            {
                context.UpdateTarget(Nothing); // what is drawn is longer than the line, which is written over it
                console.Write(new Markup(Markup.Escape(line!) + "\n") { Overflow = line == text.Message(value) ? Overflow.Fold : Overflow.Ellipsis });
            }

            if (text.Completed(value) is null && _sinceDrawn.Elapsed >= Interval)
            {
                context.UpdateTarget(Draw(value));
                context.Refresh();
                _sinceDrawn.Restart();
            }
        }

        private Rows Draw(TProgress value)
        {
            var (epoch, epochs, step, steps, remaining) = text.Position(value);
            var done = BarWidth * step / steps;
            var bar = $"[green]{new string('━', done)}[/][grey]{new string('━', BarWidth - done)}[/]  ";
            return new Rows(Line(DescribePosition(epoch, epochs, bar, step, steps, remaining)), Line(Markup.Escape(text.Numbers(value))));
        }

        private static Markup Line(string markup) => new(markup) { Overflow = Overflow.Ellipsis };
    }
}
