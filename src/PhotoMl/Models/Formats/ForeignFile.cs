using System.Text;
using PhotoMl.Imaging;

namespace PhotoMl.Models;

/// <summary>What files are that are given for a model and are none, by how they begin.</summary>
internal static class ForeignFile
{
    public const int StartBytes = ImageFormat.StartBytes;

    private const int MostCharacters = 60;
    private const string Page = "a page in HTML, as of a failed download";

    /// <summary>Describes a file by its first bytes; null where these are nothing known.</summary>
    public static string? Describe(ReadOnlySpan<byte> bytes)
    {
        var (start, text) = (Encoding.Latin1.GetString(bytes), Encoding.UTF8.GetString(bytes).Trim());
        return start is [_, _, _, _, '\0', '\0', '\0', '\0', '{', ..] ? null // safetensors, cut off
            : start.Contains("\u008A\nl\u00FC\u009CF", StringComparison.Ordinal) // the number at the start of every such file
                ? "a file as torch before 1.6 wrote it; load it in a newer torch and save it again with torch.save"
            : start is ['\u0080', <= '\u0005', ..] ? "a pickle that torch.save did not write; save the state_dict() of the model with it"
            : start is ['\b', '\u0001', '\u0012', ..] ? "a SavedModel of TensorFlow"
            : start is ['\b', < ' ', '\u0012' or '\u001A' or ':' or 'B', ..] ? "a model in ONNX"
            : start is [_, _, _, _, 'T', 'F', 'L', '3', ..] ? "a model of TensorFlow Lite"
            : ImageFormat.Find(bytes) is not null ? "an image"
            : ImageFormat.KindIn(ImageFormat.Refuse(bytes, "")) switch
            {
                null or "nothing" or "something else" => null,
                "zip" => "a zip file, such as a state_dict of PyTorch, which can only be the weights that a training starts from",
                "git-lfs pointer" => "a pointer of Git LFS; fetch the file itself with git lfs pull",
                "hdf5" => "an HDF5 file, such as a model of Keras",
                "html" => Page,
                "text" when text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) => Page,
                "text" => $"a text that begins with '{text[..Math.Min(text.Length, MostCharacters)].Split('\n')[0].TrimEnd()}'",
                var kind => $"a file of the format {kind}",
            };
    }
}
