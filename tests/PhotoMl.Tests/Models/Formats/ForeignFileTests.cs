namespace PhotoMl.Tests.Models;

public sealed class ForeignFileTests
{
    private const string Old = "a file as torch before 1.6 wrote it; load it in a newer torch and save it again with torch.save";

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a pointer of Git LFS; fetch the file itself with git lfs pull")]
    [InlineData("\n <!DOCTYPE HTML>\n<title>404</title>", "a page in HTML, as of a failed download")]
    [InlineData("\u00EF\u00BB\u00BF<html lang='en'>", "a page in HTML, as of a failed download")]
    [InlineData("\u0089HDF\r\n\u001A\n\0\0", "an HDF5 file, such as a model of Keras")]
    [InlineData("\b\a\u0012\apytorch\u001A", "a model in ONNX")]
    [InlineData("\b\u0001\u0012\u00E7\u0005", "a SavedModel of TensorFlow")]
    [InlineData("\u001C\0\0\0TFL3\u0014", "a model of TensorFlow Lite")]
    [InlineData("PK\u0003\u0004", "a zip file, such as a state_dict of PyTorch, which can only be the weights that a training starts from")]
    [InlineData("\u0080\u0002\u008A\nl\u00FC\u009CF\u00F9", Old)]
    [InlineData("\u0080\u0004\u0095\u000D\0\0\0\0\0\0\0\u008A\nl\u00FC\u009CF", Old)]
    [InlineData("\u0080\u0004\u0095\u0020\0\0}", "a pickle that torch.save did not write; save the state_dict() of the model with it")]
    [InlineData("\u001F\u008B\b\0", "a file of the format gzip")]
    [InlineData("\u0089PNG\r\n\u001A\n", "an image")]
    [InlineData("Model \u00C3\u00BC\r\nline 2", "a text that begins with 'Model \u00FC'")]
    [InlineData("hey", "a text that begins with 'hey'")]
    [InlineData("", null)]
    [InlineData("\u0010\0\0\0", null)]
    [InlineData("\0\0\0\0\0\0\0\0\0\0", null)]
    [InlineData("\u0080\u0002\0\0\0\0\0\0{\"a", null)]
    public void A_file_that_is_no_model_is_known_by_how_it_begins(string start, string? kind) =>
        Assert.Equal(kind, ForeignFile.Describe(Encoding.Latin1.GetBytes(start)));
}
