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
    public void Auto_is_that_of_the_images_and_refuses_the_options_of_the_other()
    {
        Assert.Equal(Digits, Choose(AugmentationKind.Auto, Digits));
        Assert.Equal(Photos, Choose(AugmentationKind.Auto, Photos));
        Assert.Equal(0.2, Choose(AugmentationKind.Auto, Digits, Shift).Augmentation.Shift);
        Assert.Null(Choose(AugmentationKind.Affine, Photos, Shift).PhotoAugmentation);
        Assert.EndsWith(
            "but these are photos; to augment them in this way add --augmentation affine",
            Assert.Throws<UsageException>(() => Choose(AugmentationKind.Auto, Photos, Shift)).Message, StringComparison.Ordinal);

        // The recipe of a data set that differs from the plain defaults was not asked for.
        var recipe = Cropped with { Augmentation = new() { Flip = 0.5 } };
        Assert.Equal(recipe, Choose(AugmentationKind.Auto, recipe));
    }

    [Fact]
    public void A_kind_that_is_named_is_taken_whatever_the_images()
    {
        Assert.Equal(Photos, Choose(AugmentationKind.Photo, Digits));
        Assert.Equal(Cropped, Choose(AugmentationKind.Photo, Cropped));
        Assert.Equal(Digits, Choose(AugmentationKind.Affine, Photos));
        Assert.Equal(Digits with { Augmentation = AugmentationOptions.None }, Choose(AugmentationKind.None, Photos));
    }

    private static ClassifierTrainingOptions Shift(ClassifierTrainingOptions options) =>
        options with { Augmentation = options.Augmentation with { Shift = 0.2 } };

    private static ClassifierTrainingOptions Choose(
        AugmentationKind kind, ClassifierTrainingOptions defaults,
        Func<ClassifierTrainingOptions, ClassifierTrainingOptions>? read = null) =>
        AugmentationChoice.Over(kind, read ?? (options => options))(defaults);
}
