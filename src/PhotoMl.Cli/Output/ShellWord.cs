namespace PhotoMl.Cli.Output;

/// <summary>Arguments as they are typed into a shell.</summary>
internal static class ShellWord
{
    /// <summary>Quotes a word if it needs it.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or ':' or '=' or '+')
            ? word
            : word.Any(char.IsControl) && !OperatingSystem.IsWindows() ? $"$'{string.Concat(word.Select(Escape))}'" // one line, as bash and zsh take it
            : OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Escape(char c) => char.IsControl(c) ? $"\\u{(int)c:x4}" : c is '\'' or '\\' ? $"\\{c}" : $"{c}";
}
