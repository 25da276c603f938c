using System.Text.Json.Serialization;
using PhotoMl.Data;

namespace PhotoMl.Models;

/// <summary>Which network a classifier is and its sizes; stored in its model file. A size out of its range is an <see
/// cref="ArgumentOutOfRangeException"/>.</summary>
public sealed record ClassifierOptions
{
    /// <summary>The smallest image the convolutions and poolings of a <see cref="ConvClassifier"/> leave anything of, and of all networks:
    /// 18 pixels.</summary>
    public const int SmallestImage = 18;

    /// <summary>Which network. Default <see cref="ClassifierArchitecture.Convnet"/>, which is also that of files that name none.</summary>
    public ClassifierArchitecture Architecture { get; init; } = ClassifierArchitecture.Convnet;

    /// <summary>The channels of the images, 1 to 16: 1 for grey, 3 for color. Default 1.</summary>
    public int Channels { get; init => field = Checked.InRange(value, 1, 16, nameof(Channels)); } = 1;

    /// <summary>The height of the images in pixels, 18 to 4096. Default 28.</summary>
    public int Height { get; init => field = Checked.InRange(value, SmallestImage, 4096, nameof(Height)); } = 28;

    /// <summary>The width of the images in pixels, 18 to 4096. Default 28.</summary>
    public int Width { get; init => field = Checked.InRange(value, SmallestImage, 4096, nameof(Width)); } = 28;

    /// <summary>The number of classes, 2 to 100,000. Default 10.</summary>
    public int Classes { get; init => field = Checked.InRange(value, 2, 100_000, nameof(Classes)); } = 10;

    /// <summary>The smallest height and width of the images of a network.</summary>
    /// <param name="architecture">Which network.</param>
    /// <returns>18 pixels, or 32 for <see cref="ClassifierArchitecture.ResNet18"/>, which halves its images five times.</returns>
    public static int SmallestImageOf(ClassifierArchitecture architecture) =>
        architecture == ClassifierArchitecture.ResNet18 ? ResNet18Classifier.SmallestImage : SmallestImage;

    /// <summary>The sizes that fit images.</summary>
    /// <param name="data">The images.</param>
    /// <param name="architecture">Which network.</param>
    /// <returns>The sizes of a network that takes them and classifies them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The images are too small or too large, or of one class only.</exception>
    public static ClassifierOptions For(ImageDataset data, ClassifierArchitecture architecture = ClassifierArchitecture.Convnet)
    {
        ArgumentNullException.ThrowIfNull(data);
        var options = new ClassifierOptions { Architecture = architecture, Channels = data.Channels, Classes = data.ClassNames.Count };
        return (options with { Height = data.Height, Width = data.Width }).Validated();
    }

    internal string Name => NameOf(Architecture);

    internal static string NameOf(ClassifierArchitecture architecture) => architecture.ToString().ToLowerInvariant();

    internal ClassifierOptions Validated()
    {
        var smallest = SmallestImageOf(Architecture);
        return Math.Min(Height, Width) >= smallest
            ? this
            : throw new ArgumentOutOfRangeException(
                Height < smallest ? nameof(Height) : nameof(Width),
                $"Expected images of at least {smallest}x{smallest} pixels for a {Name} but got {Height}x{Width}.");
    }
}

/// <summary>Which network a classifier is.</summary>
public enum ClassifierArchitecture
{
    /// <summary><see cref="ConvClassifier"/>, for small images such as digits.</summary>
    Convnet,

    /// <summary><see cref="ResNet18Classifier"/>, for photos.</summary>
    [JsonStringEnumMemberName("resnet18")]
    ResNet18,
}
