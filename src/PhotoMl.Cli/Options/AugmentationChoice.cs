using PhotoMl.Data;
using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>What the options of the variation mean together, and for which images.</summary>
internal static class AugmentationChoice
{
    /// <summary>Makes what puts the options of the command line over the defaults that fit the data.</summary>
    /// <param name="kind">The augmentation that was asked for.</param>
    /// <param name="read">Puts all others over some defaults.</param>
    /// <exception cref="UsageException">They contradict each other.</exception>
    public static Func<ClassifierTrainingOptions, ClassifierTrainingOptions> Over(
        AugmentationKind kind, Func<ClassifierTrainingOptions, ClassifierTrainingOptions> read)
    {
        var asked = read(new ClassifierTrainingOptions());
        Check(kind, asked);
        var isAffine = kind == AugmentationKind.Auto && asked.Augmentation != new AugmentationOptions();
        return defaults => isAffine && defaults.PhotoAugmentation is not null
            ? throw new UsageException(
                "--augment-...: expected it for drawings only, but these are photos; to augment them in this way add --augmentation affine")
            : Apply(kind, read(defaults));
    }

    private static void Check(AugmentationKind kind, ClassifierTrainingOptions options)
    {
        var (hasAffine, hasPhoto) = (options.Augmentation != new AugmentationOptions(), options.PhotoAugmentation is not null);
        if (hasPhoto && (hasAffine || kind is AugmentationKind.Affine or AugmentationKind.None))
        {
            throw new UsageException(
                "--crop-area, --flip, --rotation, --color-jitter, --erasing, --train-image-size: expected them for photos only, but got "
                    + $"{(hasAffine ? "--augment-..." : $"--augmentation {Values.Word(kind)}")} too");
        }

        if (hasAffine && kind is AugmentationKind.Photo or AugmentationKind.None)
        {
            throw new UsageException($"--augment-...: expected it for drawings only, but got --augmentation {Values.Word(kind)} too");
        }
    }

    /// <summary>The kind that changes options into others of another kind; null where they are of the same.</summary>
    public static AugmentationKind? KindOf(ClassifierTrainingOptions from, ClassifierTrainingOptions to)
    {
        var isNone = to is { PhotoAugmentation: null, Augmentation.Strength: 0 };
        return (from.PhotoAugmentation is null) == (to.PhotoAugmentation is null) ? null
            : to.PhotoAugmentation is not null ? AugmentationKind.Photo : isNone ? AugmentationKind.None : AugmentationKind.Affine;
    }

    /// <summary>Decides between the augmentation of drawings and that of photos.</summary>
    public static ClassifierTrainingOptions Apply(AugmentationKind kind, ClassifierTrainingOptions options) => kind switch
    {
        AugmentationKind.None => options with { Augmentation = AugmentationOptions.None, PhotoAugmentation = null },
        AugmentationKind.Photo => options with { PhotoAugmentation = options.PhotoAugmentation ?? new() },
        AugmentationKind.Affine => options with { PhotoAugmentation = null },
        _ => options,
    };
}

/// <summary>How training images are varied.</summary>
internal enum AugmentationKind
{
    /// <summary>As photos where they are in colour and large enough to be some, else as drawings.</summary>
    Auto,

    /// <summary>As drawings or digits: shifted, turned, scaled and sheared.</summary>
    Affine,

    /// <summary>As photos: cropped, mirrored, turned, recoloured and erased in part.</summary>
    Photo,

    /// <summary>Not at all.</summary>
    None,
}
