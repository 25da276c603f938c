using PhotoMl.Cli.Options;
using PhotoMl.Data;
using PhotoMl.Training;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class AugmentationChoiceTests
{
    private static readonly ClassifierTrainingOptions Defaults = new();
    private static readonly ClassifierTrainingOptions Cropped = new() { PhotoAugmentation = new() { CropArea = 0.5 } };
    private static readonly ClassifierTrainingOptions Shifted = new() { Augmentation = new() { Shift = 0.2 } };

    [Theory]
    [InlineData(3, 64, true)]
    [InlineData(3, 63, false)]
    [InlineData(1, 128, false)]
    public void Auto_takes_large_images_in_colour_for_photos(int channels, int side, bool arePhotos)
    {
        using var data = Images(channels, side);

        Assert.Equal(arePhotos, AugmentationChoice.Resolve(AugmentationKind.Auto, Defaults, data).PhotoAugmentation is not null);
    }

    [Fact]
    public void Auto_follows_what_else_was_asked_for()
    {
        using var photos = Images(3, 64);
        using var digits = Images(1, 28);

        Assert.Equal(Cropped, AugmentationChoice.Resolve(AugmentationKind.Auto, Cropped, digits));
        Assert.Equal(Cropped, AugmentationChoice.Resolve(AugmentationKind.Auto, Cropped, photos));
        Assert.Equal(Shifted, AugmentationChoice.Resolve(AugmentationKind.Auto, Shifted, photos));
    }

    [Fact]
    public void A_kind_that_is_named_is_taken_whatever_the_images()
    {
        using var photos = Images(3, 64);
        using var digits = Images(1, 28);

        Assert.Equal(new PhotoAugmentationOptions(), AugmentationChoice.Resolve(AugmentationKind.Photo, Defaults, digits).PhotoAugmentation);
        Assert.Equal(Defaults, AugmentationChoice.Resolve(AugmentationKind.Affine, Defaults, photos));
        Assert.Equal(Defaults with { Augmentation = AugmentationOptions.None }, AugmentationChoice.Resolve(AugmentationKind.None, Defaults, photos));
    }

    private static ImageDataset Images(int channels, int side) => ImageDataset.FromBytes("images", new byte[channels * side * side], channels, side, side, [0L], ["one"]);
}
