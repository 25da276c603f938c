using PhotoMl.Imaging;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Options;

/// <summary>The options that several commands have.</summary>
internal static class CommonOptions
{
    public static Argument<string> Model() => new("MODEL") { Description = "A model file or a run folder." };

    public static ValueOption<int?> Limit(string description) =>
        new("--limit", "N", description, parse: Values.Between(1, int.MaxValue));

    public static ValueOption<Precision> Precision(string more = "", Precision @default = Runtime.Precision.Auto) =>
        new("--precision", "DTYPE", $"The dtype of convolutions: {Values.Words(typeof(Precision))}{more}.", @default);

    public static Option<bool> TestTimeAugmentation(string average) => new("--tta")
    {
        Description = $"{average} the logits of each image and its mirror image (test-time augmentation), for models trained with "
            + "flips; takes twice the time.",
    };

    public static ValueOption<double?> Coverage(string description) => new(
        "--coverage",
        "X",
        description,
        parse: text => Values.ToDouble(text) is > 0 and < 1 and var value
            ? value
            : throw new FormatException($"expected a number between 0 and 1, such as 0.95, but got '{text}'"));

    public static ValueOption<ForegroundChoice> Foreground() => new(
        "--foreground",
        "SIDE",
        $"Whether the digits of a scan are lighter or darker than the background: {Values.Words(typeof(ForegroundChoice))}.",
        ForegroundChoice.Auto);
}
