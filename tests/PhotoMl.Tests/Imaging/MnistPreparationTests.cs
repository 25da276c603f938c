namespace PhotoMl.Tests.Imaging;

/// <summary>What holds for the real digits, where <c>PHOTOML_DATA</c> says where they are.</summary>
public class MnistPreparationTests
{
    private const int Size = 28 * 28;

    [FactWithMnist]
    public void Real_digits_keep_every_byte_and_come_back_from_large_dark_copies()
    {
        var folder = DatasetFolder.Inspect(Path.Combine(Environment.GetEnvironmentVariable(DatasetPaths.Variable)!, "mnist"));
        var images = IdxContent.Read(folder.Files[DatasetFileRole.TestImages], IdxKind.Images);
        var difference = 0.0;
        const int Count = 60;
        for (var i = 0; i < Count; i++)
        {
            var digit = images.Body[(Size * i)..(Size * (i + 1))];
            var same = ImagePreprocessor.Prepare(ImageFixture.Grey(28, 28, (x, y) => digit[(28 * y) + x]), ImageFixture.Digits).Bytes;
            Assert.Equal(digit, same);

            var large = new FloatImage(28, 28, Array.ConvertAll(digit, value => (float)value)).Resize(280, 280);
            var dark = ImageFixture.Grey(280, 280, (x, y) => (byte)(255 - large[x, y]));
            var prepared = ImagePreprocessor.Prepare(dark, ImageFixture.Digits).Bytes;
            difference += digit.Zip(prepared, (a, b) => Math.Abs(a - b)).Average() / Count;
        }

        Assert.InRange(difference, 0, 10); // a digit set one pixel aside differs by about 25
    }
}
