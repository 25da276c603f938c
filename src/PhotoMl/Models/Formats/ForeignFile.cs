using System.Text;

namespace PhotoMl.Models;

/// <summary>What files are that are given for a model and are none, by how they begin.</summary>
internal static class ForeignFile
{
    public const int StartBytes = 64;

    private static readonly (string Start, int At, string Kind)[] Known =
    [
        ("version https://git-lfs", 0, "a pointer of Git LFS; fetch the file itself with git lfs pull"),
        ("\u0089HDF\r\n", 0, "an HDF5 file, such as a model of Keras"),
        ("TFL3", 4, "a model of TensorFlow Lite"),
        ("\b\u0001\u0012", 0, "a SavedModel of TensorFlow"),
        ("PK\u0003\u0004", 0, "a zip file, such as a state_dict of PyTorch, which can only be the weights that a training starts from"),
        ("\u001F\u008B", 0, "a gzip file; unpack it first"),
        ("\u0089PNG", 0, "an image"),
        ("\u00FF\u00D8\u00FF", 0, "an image"),
    ];

    /// <summary>Describes a file by its first bytes; null where these are nothing known.</summary>
    public static string? Describe(ReadOnlySpan<byte> bytes)
    {
        var start = Encoding.Latin1.GetString(bytes);
        var text = Encoding.UTF8.GetString(bytes).TrimEnd('\uFFFD').Trim('\uFEFF', ' ', '\t', '\r', '\n');
        string[] page = ["<!doctype html", "<html"];
        return Array.Find(Known, known => start[Math.Min(known.At, start.Length)..].StartsWith(known.Start, StringComparison.Ordinal)).Kind
            ?? (start.Contains("\u008A\nl\u00FC\u009CF", StringComparison.Ordinal) // the number at the start of every such file
                ? "a file as torch before 1.6 wrote it; load it in a newer torch and save it again with torch.save"
            : start is ['\u0080', <= '\u0005', ..] ? "a pickle that torch.save did not write; save the state_dict() of the model with it"
            : start is ['\b', < ' ', '\u0012' or '\u001A' or ':' or 'B', ..] ? "a model in ONNX"
            : page.Any(tag => text.StartsWith(tag, StringComparison.OrdinalIgnoreCase)) ? "a page in HTML, as of a failed download"
            : text.Length > 0 && text.All(character => !char.IsControl(character) || character is '\t' or '\r' or '\n')
                ? $"a text that begins with '{text.Split('\n')[0].TrimEnd()}'"
            : null);
    }
}
