using PhotoMl.Imaging;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Options;

/// <summary>The options that several commands have.</summary>
internal static class CommonOptions
{
    public static Argument<string> Model() => new("MODEL") { Description = "A model file or a run folder." };

    public static ValueOption<string?> Text(string name, string valueName, string description) =>
        new(name, valueName, description, null, Values.ToText);

    public static ValueOption<int?> Int32(string name, string description, int low, int high, string valueName = "N") =>
        new(name, valueName, description, null, text => Values.Between(low, high)(text));

    public static ValueOption<string?> Data(string description) =>
        new("--data", "SET", description, null, Values.ToText) { Aliases = { "-d" } };

    public static ValueOption<string?> Output(string valueName, string description, Func<string, string> parse) =>
        new("--output", valueName, description, null, parse) { Aliases = { "-o" } };

    public static ValueOption<int?> Limit(string description) => Int32("--limit", description, 1, int.MaxValue);

    public static ValueOption<long> Seed(string description, long @default) =>
        new("--seed", "N", description, @default, Values.ToWhole<long>);

    public static ValueOption<Precision> Precision(string more = "", Precision @default = Runtime.Precision.Auto) =>
        new("--precision", "DTYPE", $"The dtype of convolutions: {Values.Words<Precision>()}{more}.", @default, Values.ToWord<Precision>);

    public static ValueOption<double?> Coverage(string description) => new(
        "--coverage",
        "X",
        description,
        null,
        text => Values.ToDouble(text) is > 0 and < 1 and var value
            ? value
            : throw new FormatException($"expected a number between 0 and 1, such as 0.95, but got '{text}'"));

    public static ValueOption<ForegroundChoice> Foreground() => new(
        "--foreground",
        "SIDE",
        $"Whether the digits of a scan are lighter or darker than the background: {Values.Words<ForegroundChoice>()}.",
        ForegroundChoice.Auto,
        Values.ToWord<ForegroundChoice>);
}
