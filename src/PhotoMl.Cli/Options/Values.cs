using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace PhotoMl.Cli.Options;

/// <summary>Turns texts of a command line into values, and values into texts.</summary>
internal static partial class Values
{
    [GeneratedRegex(@"^(?:(?<h>\d+(\.\d+)?)h)?(?:(?<m>\d+(\.\d+)?)m)?(?:(?<s>\d+(\.\d+)?)s)?$")]
    private static partial Regex Duration { get; }

    /// <summary>Takes the name of a file of one kind, so that a slip of the keyboard replaces no photo.</summary>
    public static Func<string, string> EndingIn(string extension) => text =>
        Path.GetExtension(text).Equals(extension, StringComparison.OrdinalIgnoreCase)
            ? text
            : throw new FormatException($"expected a file that ends in {extension}, but got '{text}'");

    /// <summary>Reads a whole number.</summary>
    public static T ToWhole<T>(string text)
        where T : IBinaryInteger<T>, IMinMaxValue<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"expected a whole number up to {T.MaxValue}, but got '{text}'");

    /// <summary>Reads a number.</summary>
    public static double ToDouble(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new FormatException($"expected a number, but got '{text}'");

    /// <summary>Reads a time such as 90s, 20m or 1h30m.</summary>
    public static TimeSpan ToDuration(string text)
    {
        var parts = Duration.Match(text);
        double Part(string unit) => parts.Groups[unit].Success ? ToDouble(parts.Groups[unit].Value) : 0;
        var seconds = (3600 * Part("h")) + (60 * Part("m")) + Part("s");
        return parts.Success && seconds is >= 1 and <= 1e7 ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"expected a time such as 90s, 20m or 1h30m, but got '{text}'");
    }

    /// <summary>Reads a number within a range.</summary>
    public static Func<string, object> Between<T>(T low, T high)
        where T : struct, INumber<T> => text =>
        Parse(typeof(T), text) is T value && value >= low && value <= high
            ? value
            : throw new FormatException($"expected {low} to {high}, but got {text}");

    /// <summary>Reads a number, one of an enumeration's words, or a text that says something.</summary>
    public static object Parse(Type type, string text) =>
        type == typeof(string) ? !string.IsNullOrWhiteSpace(text) ? text : throw new FormatException("expected a value, but got none")
        : type == typeof(int) ? ToWhole<int>(text)
        : type == typeof(long) ? ToWhole<long>(text)
        : type == typeof(double) ? ToDouble(text)
        : Enum.GetValues(type).Cast<Enum>().FirstOrDefault(value => Word(value).Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException($"expected {Words(type)}, but got '{text}'");

    /// <summary>All words of an enumeration, as the help shows them.</summary>
    public static string Words(Type type)
    {
        var words = Enum.GetValues(type).Cast<Enum>().Select(Word).ToArray();
        return words is [var only] ? only : $"{string.Join(", ", words[..^1])} or {words[^1]}";
    }

    /// <summary>The word of an enumeration's value: OneCycle is one-cycle, but AdamW is adamw, as in JSON.</summary>
    public static string Word(Enum value)
    {
        var name = value.ToString();
        var given = value.GetType().GetField(name)?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>();
        return given?.Name ?? JsonNamingPolicy.KebabCaseLower.ConvertName(name);
    }

    /// <summary>A value as the help shows it.</summary>
    public static string Show<T>(T value) => value switch
    {
        double number => number.ToString("0.####", CultureInfo.InvariantCulture),
        Enum word => Word(word),
        _ => $"{value}",
    };
}
