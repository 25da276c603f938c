namespace PhotoMl.Models;

/// <summary>The sizes of a <see cref="DcganGenerator"/> and its <see cref="DcganDiscriminator"/>; stored in the model file. A size out of
/// its range is an <see cref="ArgumentOutOfRangeException"/>.</summary>
public sealed record DcganOptions
{
    /// <summary>The smallest height and width: 28 pixels.</summary>
    public const int SmallestImage = 28;

    /// <summary>The largest height and width: 64 pixels.</summary>
    public const int LargestImage = 64;

    internal const int MostClasses = 10_000;

    /// <summary>The channels of the images: 1 for grey or 3 for color. Default 1.</summary>
    public int Channels
    {
        get;
        init => field = value is 1 or 3
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Channels), $"{nameof(Channels)}: expected 1 or 3, but got {value}.");
    } = 1;

    /// <summary>The height of the images in pixels, 28 to 64. Default 28.</summary>
    public int Height { get; init => field = Checked.InRange(value, SmallestImage, LargestImage, nameof(Height)); } = SmallestImage;

    /// <summary>The width of the images in pixels, 28 to 64. Default 28.</summary>
    public int Width { get; init => field = Checked.InRange(value, SmallestImage, LargestImage, nameof(Width)); } = SmallestImage;

    /// <summary>The number of latents of a picture, 1 to 1024. Default 100.</summary>
    public int Latent { get; init => field = Checked.InRange(value, 1, 1024, nameof(Latent)); } = 100;

    /// <summary>The classes that pictures can be asked for, or 0 where the networks are not given the class; at most 10,000. Default
    /// 0.</summary>
    public int Classes { get; init => field = Checked.InRange(value, 0, MostClasses, nameof(Classes)); }

    /// <summary>The height and width after each halving, the smaller first: 7 and 14 for 28 pixels.</summary>
    internal ((int Height, int Width) Quarter, (int Height, int Width) Half) Scales =>
        (((Height + 3) / 4, (Width + 3) / 4), ((Height + 1) / 2, (Width + 1) / 2)); // each halving rounds up
}

/// <summary>Checks the labels given to a conditional network, for a label out of range would be a fault of native code.</summary>
internal static class LabelCheck
{
    public static void Check(Tensor? labels, long count, int classes)
    {
        if (labels is null != (classes == 0))
        {
            throw new ArgumentException(
                classes == 0
                    ? "Expected no labels, for the network is not conditional."
                    : $"Expected labels of {classes} classes but got none.",
                nameof(labels));
        }

        if (labels is null || count == 0)
        {
            return;
        }

        if (labels.dim() != 1 || labels.shape[0] != count || labels.dtype != ScalarType.Int64)
        {
            var found = $"({string.Join(", ", labels.shape)}) of {labels.dtype}";
            throw new ArgumentException($"Expected labels ({count}) of Int64 but got {found}.", nameof(labels));
        }

        using var scope = NewDisposeScope();
        var (least, most) = (labels.min().item<long>(), labels.max().item<long>());
        if (least < 0 || most >= classes)
        {
            throw new ArgumentException($"Expected labels from 0 to {classes - 1} but got {(least < 0 ? least : most)}.", nameof(labels));
        }
    }
}
