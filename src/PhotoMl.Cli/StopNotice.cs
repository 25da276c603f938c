namespace PhotoMl.Cli;

/// <summary>What is said when a command is stopped.</summary>
internal sealed class StopNotice
{
    private int _isGiven;

    /// <summary>Makes the line; a command whose work can be resumed says how.</summary>
    public Func<string> Text { get; set; } = () => $"{Cli.Name}: stopped";

    /// <summary>Writes the line, once.</summary>
    public void Give(TextWriter error, string before = "")
    {
        if (Interlocked.Exchange(ref _isGiven, 1) == 0)
        {
            error.WriteLine(before + Text());
        }
    }
}
