using System.Text.Json.Serialization;

namespace PhotoMl.Imaging;

/// <summary>All that turns a picture on disk into a network's input; the model file stores it, so that prediction sees what training saw.</summary>
/// <remarks>
/// <see cref="ImagePreprocessor.PrepareFile"/> reads the file and makes bytes of the network's size from it,
/// and the input is <c>(byte * Scale - Mean) / Std</c>, channel by channel.
/// </remarks>
public sealed record ImagePreprocessing
{
    /// <summary>The way of decoding, turning grey, resampling and cutting out ink that this version of the library follows.</summary>
    public const int CurrentVersion = 1;

    private const int MaximumSize = 4096;

    /// <summary>Which way of preparing pictures is meant; only <see cref="CurrentVersion"/> is known.</summary>
    [JsonPropertyName("version")]
    public int Version
    {
        get;
        init => field = value == CurrentVersion
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"Expected preprocessing of version {CurrentVersion} but got {value}.");
    } = CurrentVersion;

    /// <summary>The number of channels: 1 for grey, 3 for red, green and blue. Default 1.</summary>
    [JsonPropertyName("channels")]
    public int Channels
    {
        get;
        init => field = value is 1 or 3 ? value : throw new ArgumentOutOfRangeException(nameof(value), $"Expected 1 or 3 channels but got {value}.");
    } = 1;

    /// <summary>The height of the input in pixels, 1 to 4096. Default 28.</summary>
    [JsonPropertyName("height")]
    public int Height
    {
        get;
        init => field = CheckSize(value);
    } = 28;

    /// <summary>The width of the input in pixels, 1 to 4096. Default 28.</summary>
    [JsonPropertyName("width")]
    public int Width
    {
        get;
        init => field = CheckSize(value);
    } = 28;

    /// <summary>How a picture of another size is brought to this one. Default <see cref="ImageFit.Stretch"/>.</summary>
    /// <remarks>A picture that already has exactly the size passes pixel by pixel, whatever the fit.</remarks>
    [JsonPropertyName("fit")]
    public ImageFit Fit { get; init; } = ImageFit.Stretch;

    /// <summary>What the network expects of light and dark. Default <see cref="ImageForeground.Any"/>.</summary>
    [JsonPropertyName("foreground")]
    public ImageForeground Foreground { get; init; } = ImageForeground.Any;

    /// <summary>What a byte is multiplied by. Default 1/255.</summary>
    [JsonPropertyName("scale")]
    public double Scale
    {
        get;
        init => field = double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"Expected a scale above 0 but got {value}.");
    } = 1.0 / 255;

    /// <summary>What is then subtracted: one number, or one a channel. Default 0.</summary>
    [JsonPropertyName("mean")]
    public IReadOnlyList<double> Mean
    {
        get;
        init => field = Check(value, number => double.IsFinite(number), "finite");
    } = [0];

    /// <summary>What is then divided by: one number, or one a channel, each above 0. Default 1.</summary>
    [JsonPropertyName("std")]
    public IReadOnlyList<double> Std
    {
        get;
        init => field = Check(value, number => double.IsFinite(number) && number > 0, "above 0");
    } = [1];

    /// <summary>Whether bytes are only scaled to [0, 1], as the data sets and predictions of this library do.</summary>
    [JsonIgnore]
    public bool IsPlainScale => Scale == 1.0 / 255 && Mean.All(mean => mean == 0) && Std.All(std => std == 1);

    /// <summary>Describes handwritten digits as MNIST has them: grey, cut out and centred, light on dark.</summary>
    /// <param name="size">The height and width in pixels.</param>
    /// <returns>The description.</returns>
    public static ImagePreprocessing ForMnistLike(int size = 28) =>
        new() { Height = size, Width = size, Fit = ImageFit.CenterOfMass, Foreground = ImageForeground.Light };

    /// <summary>Describes things as Fashion-MNIST has them: grey, the whole picture, light on dark.</summary>
    /// <param name="size">The height and width in pixels.</param>
    /// <returns>The description.</returns>
    public static ImagePreprocessing ForFashion(int size = 28) =>
        new() { Height = size, Width = size, Fit = ImageFit.Pad, Foreground = ImageForeground.Light };

    /// <summary>Describes photos: the whole picture, stretched to a square, light and dark as they are.</summary>
    /// <param name="channels">1 for grey, 3 for colour.</param>
    /// <param name="size">The height and width in pixels.</param>
    /// <returns>The description.</returns>
    public static ImagePreprocessing ForPhotos(int channels, int size) =>
        new() { Channels = channels, Height = size, Width = size };

    /// <inheritdoc/>
    public bool Equals(ImagePreprocessing? other) =>
        other is not null && Values == other.Values && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.GetHashCode();

    private (int, int, int, int, ImageFit, ImageForeground, double) Values => (Version, Channels, Height, Width, Fit, Foreground, Scale);

    private static int CheckSize(int value) => value is >= 1 and <= MaximumSize
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), $"Expected a size of 1 to {MaximumSize} pixels but got {value}.");

    private static IReadOnlyList<double> Check(IReadOnlyList<double> values, Func<double, bool> isValid, string expected)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count is 1 or 3 && values.All(isValid)
            ? values
            : throw new ArgumentException($"Expected 1 or 3 numbers, each {expected}, but got ({string.Join(", ", values.Select(value => $"{value}"))}).", nameof(values));
    }
}
