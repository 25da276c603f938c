using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Text
{
    /// <summary>A number of things, such as 1 epoch or 10 epochs.</summary>
    public static string Count(long count, string thing) => $"{count:N0} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>A share, such as 99.52 %.</summary>
    public static string Percent(double share) => $"{100 * share:F2} %";

    /// <summary>A confidence interval of a share.</summary>
    public static string Interval(ConfidenceInterval interval) => $"95 % interval {100 * interval.Low:F2} to {100 * interval.High:F2} %";

    /// <summary>A time, such as 1:23 or 2:01:05; below ten seconds with a decimal.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 10 } => $"{duration.TotalSeconds:F1} s",
        { TotalHours: < 1 } => $"{(int)duration.TotalMinutes}:{duration.Seconds:D2}",
        _ => $"{(long)duration.TotalHours}:{duration.Minutes:D2}:{duration.Seconds:D2}",
    };

    /// <summary>A size in bytes, such as 9.9 MB.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e6 => $"{bytes / 1e3:F1} kB",
        < 1e9 => $"{bytes / 1e6:F1} MB",
        _ => $"{bytes / 1e9:F1} GB",
    };

    /// <inheritdoc cref="ForeignText.Printable"/>
    public static string Printable(string text) => ForeignText.Printable(text);

    /// <summary>A text of at most so many characters; what is too long loses its end, but no half of a character.</summary>
    public static string Shorten(string text, int most) =>
        text.Length <= most ? text : $"{text.AsSpan(0, most - (char.IsHighSurrogate(text[most - 2]) ? 2 : 1))}…";

    /// <summary>A path of at most so many characters; what is too long loses its beginning, for the file name says most.</summary>
    public static string ShortenPath(string path, int most) => path.Length <= most ? path : $"…{path.AsSpan(path.Length - most + 1)}";

    /// <summary>Writes a text, where there is one, in lines of at most so many characters, the first perhaps behind a word.</summary>
    public static void WriteWrapped(TextWriter output, string? text, int most, string indent = "", string? first = null)
    {
        foreach (var (index, line) in (text is null ? [] : Wrap(Printable(text), most - indent.Length)).Index())
        {
            output.WriteLine($"{(index == 0 ? first ?? indent : indent)}{line}".TrimEnd());
        }
    }

    /// <summary>A text broken at spaces into lines of at most so many characters; a longer word has a line of its own.</summary>
    public static IEnumerable<string> Wrap(string text, int most)
    {
        string? line = null;
        foreach (var word in text.Split(' '))
        {
            if (line is not null && line.Length + 1 + word.Length > most)
            {
                yield return line;
                line = null;
            }

            line = line is null ? word : $"{line} {word}";
        }

        yield return line!;
    }
}
