using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Options;

/// <summary>What the options of the variation mean together, and for which images.</summary>
internal static class AugmentationChoice
{
    /// <summary>The smallest images in colour that are taken for photos.</summary>
    public const int SmallestPhoto = 64;

    /// <summary>Checks that what was asked for goes together.</summary>
    /// <exception cref="UsageException">It contradicts itself.</exception>
    public static void Check(AugmentationKind kind, ClassifierTrainingOptions options)
    {
        var (hasAffine, hasPhoto) = (options.Augmentation != new AugmentationOptions(), options.PhotoAugmentation is not null);
        if (hasPhoto && (hasAffine || kind is AugmentationKind.Affine or AugmentationKind.None))
        {
            throw new UsageException(
                $"--crop-area, --flip, --rotation, --color-jitter, --erasing, --train-size: expected them for photos only, but got {(hasAffine ? "--augment..." : $"--augmentation {Values.Word(kind)}")} too");
        }

        if (hasAffine && kind is AugmentationKind.Photo or AugmentationKind.None)
        {
            throw new UsageException($"--augment...: expected it for drawings only, but got --augmentation {Values.Word(kind)} too");
        }
    }

    /// <summary>Decides how images are varied.</summary>
    public static ClassifierTrainingOptions Resolve(AugmentationKind kind, ClassifierTrainingOptions options, ImageDataset data, ClassifierArchitecture network)
    {
        var varied = Resolve(kind, options, data);

        // Smaller pictures take half the time, and a network that averages over places tells large ones the better for it.
        return network == ClassifierArchitecture.Resnet18 && varied.PhotoAugmentation is { TrainSize: null } photo
            ? varied with { PhotoAugmentation = photo with { TrainSize = Math.Max(ClassifierOptions.SmallestImageOf(network), Math.Max(data.Height, data.Width) * 3 / 4) } }
            : varied;
    }

    /// <summary>Decides how images are varied, at whatever size.</summary>
    public static ClassifierTrainingOptions Resolve(AugmentationKind kind, ClassifierTrainingOptions options, ImageDataset data)
    {
        var arePhotos = data.Channels == 3 && Math.Min(data.Height, data.Width) >= SmallestPhoto && options.Augmentation == new AugmentationOptions();
        return kind switch
        {
            AugmentationKind.None => options with { Augmentation = AugmentationOptions.None, PhotoAugmentation = null },
            AugmentationKind.Photo => options with { PhotoAugmentation = options.PhotoAugmentation ?? new() },
            AugmentationKind.Auto when arePhotos => options with { PhotoAugmentation = options.PhotoAugmentation ?? new() },
            _ => options,
        };
    }

    /// <summary>Checks that a network takes the pictures that it would be trained on.</summary>
    /// <exception cref="UsageException">It takes those of its own size only.</exception>
    public static void CheckFits(ImageClassifier model, ClassifierTrainingOptions options)
    {
        var network = model.Options;
        if (options.PhotoAugmentation?.OutputSize(network.Height, network.Width) is var (height, width) && !model.Takes(height, width))
        {
            throw new UsageException(
                $"--train-size: expected a network that takes images of {height}x{width} pixels, but got one of {network.Height}x{network.Width} only");
        }
    }
}
