using System.Globalization;
using System.Text;

namespace PhotoMl.Cli.Output;

/// <summary>Standard output or standard error, which may be full or closed.</summary>
/// <remarks>A pipe that nobody reads any more is no failure: .NET lets what is written to it disappear.</remarks>
/// <param name="open">Gives the stream's own writer.</param>
/// <param name="fail">Called when it cannot be written to; what is written after that disappears.</param>
internal sealed class StandardWriter(Func<TextWriter> open, Action<Exception> fail) : TextWriter(CultureInfo.InvariantCulture)
{
    private bool _isLost;

    /// <summary>Standard output: without it a command has failed.</summary>
    public static StandardWriter Output { get; } = new(() => Console.Out, static exception => throw new StandardOutputException(exception));

    /// <summary>Standard error: nobody is left to be told.</summary>
    public static StandardWriter Error { get; } = new(() => Console.Error, static _ => { });

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Try(writer => writer.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(writer => writer.Write(buffer, index, count));

    public override void Write(string? value) => Try(writer => writer.Write(value));

    public override void WriteLine(string? value) => Try(writer => writer.WriteLine(value));

    public override void Flush() => Try(writer => writer.Flush());

    private void Try(Action<TextWriter> write)
    {
        if (_isLost)
        {
            return;
        }

        try
        {
            write(open());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _isLost = true;
            fail(exception);
        }
    }
}

/// <summary>Thrown when standard output is full or closed.</summary>
internal sealed class StandardOutputException(Exception innerException)
    : PhotoMlException($"standard output: cannot be written: {innerException.GetBaseException().Message.TrimEnd('.')}", innerException);
