using System.Text.Json.Serialization;

namespace PhotoMl.Imaging;

/// <summary>All that turns a picture on disk into a network's input; the model file stores it, so that prediction sees what training
/// saw.</summary>
/// <remarks>The input is the picture's bytes at the network's size, divided by 255.</remarks>
public sealed record ImagePreprocessing
{
    /// <summary>The way of decoding, turning gray, resampling and cutting out ink that this version of the library follows.</summary>
    public const int CurrentVersion = 1;

    private const int MaximumSize = 4096;
    private const double ByteScale = 1.0 / 255;

    private static readonly double[] Zero = [0];
    private static readonly double[] One = [1];

    /// <summary>Which way of preparing pictures is meant; only <see cref="CurrentVersion"/> is known.</summary>
    [JsonPropertyName("version")]
    public int Version
    {
        get;
        init => field = value == CurrentVersion
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"Expected preprocessing of version {CurrentVersion} but got {value}.");
    } = CurrentVersion;

    /// <summary>The number of channels: 1 for gray, 3 for red, green and blue. Default 1.</summary>
    [JsonPropertyName("channels")]
    public int Channels
    {
        get;
        init => field = value is 1 or 3
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"Expected 1 or 3 channels but got {value}.");
    } = 1;

    /// <summary>The height of the input in pixels, 1 to 4096. Default 28.</summary>
    [JsonPropertyName("height")]
    public int Height { get; init => field = Checked.InRange(value, 1, MaximumSize, nameof(Height)); } = 28;

    /// <summary>The width of the input in pixels, 1 to 4096. Default 28.</summary>
    [JsonPropertyName("width")]
    public int Width { get; init => field = Checked.InRange(value, 1, MaximumSize, nameof(Width)); } = 28;

    /// <summary>How a picture of another size is brought to this one. Default <see cref="ImageFit.Stretch"/>.</summary>
    /// <remarks>A picture that already has exactly the size passes pixel by pixel, whatever the fit.</remarks>
    [JsonPropertyName("fit")]
    public ImageFit Fit { get; init; } = ImageFit.Stretch;

    /// <summary>What the network expects of light and dark. Default <see cref="ImageForeground.Any"/>.</summary>
    [JsonPropertyName("foreground")]
    public ImageForeground Foreground { get; init; } = ImageForeground.Any;

    // How bytes become the input, for other programs that read the model file; there is one way.
#pragma warning disable CA1822 // what is serialized cannot be static
    [JsonInclude]
    [JsonPropertyName("scale")]
    private double Scale { get => ByteScale; init => RequirePlain(value == ByteScale, $"a scale of {value}"); }

    [JsonInclude]
    [JsonPropertyName("mean")]
    private IReadOnlyList<double> Mean { get => Zero; init => RequirePlain(value.All(mean => mean == 0), $"a mean of {List(value)}"); }

    [JsonInclude]
    [JsonPropertyName("std")]
    private IReadOnlyList<double> Std { get => One; init => RequirePlain(value.All(std => std == 1), $"a std of {List(value)}"); }
#pragma warning restore CA1822

    /// <summary>Describes photos: the whole picture, stretched to a square, light and dark as they are.</summary>
    /// <param name="channels">1 for gray, 3 for color.</param>
    /// <param name="size">The height and width in pixels.</param>
    /// <returns>The description.</returns>
    public static ImagePreprocessing ForPhotos(int channels, int size) =>
        new() { Channels = channels, Height = size, Width = size };

    private static string List(IEnumerable<double> numbers) => string.Join(", ", numbers.Select(number => $"{number}"));

    private static void RequirePlain(bool isPlain, string found)
    {
        if (!isPlain)
        {
            throw new ArgumentException($"Expected pixels scaled by 1/255 but got {found}.");
        }
    }
}

/// <summary>How a picture of any size is brought to the size of the network's input.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageFit>))]
public enum ImageFit
{
    /// <summary>The whole picture, stretched to the size; its aspect ratio is lost.</summary>
    [JsonStringEnumMemberName("stretch")]
    Stretch,

    /// <summary>The whole picture with its aspect ratio, centered, the rest filled with the color of its border.</summary>
    [JsonStringEnumMemberName("pad")]
    Pad,

    /// <summary>As MNIST was made: the ink is cut out, scaled with its aspect ratio to fit a box of 20/28 of the size, and its center of
    /// mass put in the middle.</summary>
    [JsonStringEnumMemberName("center_of_mass")]
    CenterOfMass,
}

/// <summary>What the network expects of light and dark.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageForeground>))]
public enum ImageForeground
{
    /// <summary>Nothing: pictures stay as they are.</summary>
    [JsonStringEnumMemberName("any")]
    Any,

    /// <summary>Light figures on a dark background, as MNIST has them: a picture on a light background is inverted.</summary>
    [JsonStringEnumMemberName("light")]
    Light,
}

/// <summary>What the user says about a picture that goes to a network which expects light figures on a dark background.</summary>
public enum ForegroundChoice
{
    /// <summary>Nothing: the picture's border decides.</summary>
    Auto,

    /// <summary>The figure is light on a dark background already.</summary>
    Light,

    /// <summary>The figure is dark on a light background: the picture is inverted.</summary>
    Dark,
}
