using System.Runtime.CompilerServices;

namespace PhotoMl.Cli.Tests;

/// <summary>The arguments of a command in one text, divided at spaces but for those within what is interpolated.</summary>
[InterpolatedStringHandler]
internal readonly struct CommandLine(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (64 * formattedCount));

    public string[] Arguments => _text.ToString().Split('\0', StringSplitOptions.RemoveEmptyEntries);

    public void AppendLiteral(string value) => _text.Append(value.Replace(' ', '\0'));

    public void AppendFormatted(object value) => _text.Append(value);
}
