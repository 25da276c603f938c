namespace PhotoMl.Tests.Training;

public sealed class ClassifierTrainingOptionsTests
{
    [Theory]
    [InlineData("fashion-mnist train", 0.5, 0, 0.1)]
    [InlineData("mnist train", 0, 10, 0)]
    [InlineData("/photos/fashion-mnist train", 0, 10, 0)]
    public void Articles_of_clothing_are_flipped_and_mixed_and_digits_rotated(string name, double flip, double rotation, double mixup)
    {
        using var data = new ImageDataset(name, zeros(4, 1, 28, 28, dtype: ScalarType.Byte), arange(4).remainder(2), ["a", "b"]);
        var options = ClassifierTrainingOptions.For(data, isPhotos: false, ClassifierArchitecture.Convnet);

        Assert.Equal((flip, rotation, mixup), (options.Augmentation.Flip, options.Augmentation.Rotation, options.Mixup));
    }
}
