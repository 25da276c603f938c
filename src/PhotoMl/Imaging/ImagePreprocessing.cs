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

    /// <summary>Which way of preparing pictures is meant; only <see cref="CurrentVersion"/> is known.</summary>
    public int Version
    {
        get;
        init => field = value == CurrentVersion
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"Expected preprocessing of version {CurrentVersion} but got {value}.");
    } = CurrentVersion;

    /// <summary>The number of channels: 1 for gray, 3 for red, green and blue. Default 1.</summary>
    public int Channels
    {
        get;
        init => field = value is 1 or 3
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"Expected 1 or 3 channels but got {value}.");
    } = 1;

    /// <summary>The height of the input in pixels, 1 to 4096. Default 28.</summary>
    public int Height { get; init => field = Checked.InRange(value, 1, MaximumSize, nameof(Height)); } = 28;

    /// <summary>The width of the input in pixels, 1 to 4096. Default 28.</summary>
    public int Width { get; init => field = Checked.InRange(value, 1, MaximumSize, nameof(Width)); } = 28;

    /// <summary>How a picture of another size is brought to this one. Default <see cref="ImageFit.Stretch"/>.</summary>
    /// <remarks>A picture that already has exactly the size passes pixel by pixel, whatever the fit.</remarks>
    public ImageFit Fit { get; init; } = ImageFit.Stretch;

    /// <summary>What the network expects of light and dark. Default <see cref="ImageForeground.Any"/>.</summary>
    public ImageForeground Foreground { get; init; } = ImageForeground.Any;

    // How bytes become the input, for other programs that read the model file; there is one way.
#pragma warning disable CA1822 // what is serialized cannot be static
    [JsonInclude]
    private double Scale { get => ByteScale; init => RequireAll([value], ByteScale, "scale"); }

    [JsonInclude]
    private IReadOnlyList<double> Mean { get => [0]; init => RequireAll(value, 0, "mean"); }

    [JsonInclude]
    private IReadOnlyList<double> Std { get => [1]; init => RequireAll(value, 1, "std"); }
#pragma warning restore CA1822

    /// <summary>Describes photos: the whole picture, stretched to a square, light and dark as they are.</summary>
    /// <param name="channels">1 for gray, 3 for color.</param>
    /// <param name="size">The height and width in pixels.</param>
    /// <returns>The description.</returns>
    public static ImagePreprocessing ForPhotos(int channels, int size) =>
        new() { Channels = channels, Height = size, Width = size };

    private static void RequireAll(IReadOnlyList<double> numbers, double expected, string name)
    {
        if (numbers.Any(number => number != expected))
        {
            var found = string.Join(", ", numbers.Select(number => $"{number}"));
            throw new ArgumentException($"Expected pixels scaled by 1/255 but got a {name} of {found}.");
        }
    }
}

/// <summary>How a picture of any size is brought to the size of the network's input.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageFit>))]
public enum ImageFit
{
    /// <summary>The whole picture, stretched to the size; its aspect ratio is lost.</summary>
    Stretch,

    /// <summary>The whole picture with its aspect ratio, centered, the rest filled with the color of its border.</summary>
    Pad,

    /// <summary>As MNIST was made: the ink is cut out, scaled with its aspect ratio to fit a box of 20/28 of the size, and its center of
    /// mass put in the middle.</summary>
    [JsonStringEnumMemberName("center_of_mass")]
    CenterOfMass,
}

/// <summary>What the network expects of light and dark.</summary>
public enum ImageForeground
{
    /// <summary>Nothing: pictures stay as they are.</summary>
    Any,

    /// <summary>Light figures on a dark background, as MNIST has them: a picture on a light background is inverted.</summary>
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
