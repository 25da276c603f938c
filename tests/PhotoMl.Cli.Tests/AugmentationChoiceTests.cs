using PhotoMl.Cli.Options;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public class AugmentationChoiceTests
{
    private static readonly ClassifierTrainingOptions Digits = new();
    private static readonly ClassifierTrainingOptions Photos = new() { PhotoAugmentation = new() };
    private static readonly ClassifierTrainingOptions Cropped = new() { PhotoAugmentation = new() { CropArea = 0.5 } };

    [Theory]
    [InlineData(3, 64, true)]
    [InlineData(3, 63, false)]
    [InlineData(1, 128, false)]
    public void Large_images_in_color_are_augmented_as_photos(int channels, int side, bool arePhotos)
    {
        using var data = ImageDataset.FromBytes("images", new byte[channels * side * side], channels, side, side, [0L], ["one"]);

        Assert.Equal(
            arePhotos, ClassifierTrainingOptions.For(data, isPhotos: false, ClassifierArchitecture.Convnet).PhotoAugmentation is not null);
    }

    [Fact]
    public void Auto_follows_what_else_was_asked_for()
    {
        Assert.Equal(Digits, Apply(AugmentationKind.Auto, Digits));
        Assert.Equal(Cropped, Apply(AugmentationKind.Auto, Cropped));
        var shifted = Photos with { Augmentation = new() { Shift = 0.2 } };
        Assert.Equal(shifted with { PhotoAugmentation = null }, Apply(AugmentationKind.Auto, shifted));

        // The recipe of a data set that differs from the plain defaults was not asked for.
        Assert.Equal(Cropped with { Augmentation = new() { Flip = 0.5 } }, AugmentationChoice.Apply(
            AugmentationKind.Auto, Cropped, Cropped with { Augmentation = new() { Flip = 0.5 } }));
    }

    [Fact]
    public void A_kind_that_is_named_is_taken_whatever_the_images()
    {
        Assert.Equal(Photos, Apply(AugmentationKind.Photo, Digits));
        Assert.Equal(Cropped, Apply(AugmentationKind.Photo, Cropped));
        Assert.Equal(Digits, Apply(AugmentationKind.Affine, Photos));
        Assert.Equal(Digits with { Augmentation = AugmentationOptions.None }, Apply(AugmentationKind.None, Photos));
    }

    private static ClassifierTrainingOptions Apply(AugmentationKind kind, ClassifierTrainingOptions options) =>
        AugmentationChoice.Apply(kind, options, options);
}
