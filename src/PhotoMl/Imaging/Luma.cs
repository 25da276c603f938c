namespace PhotoMl.Imaging;

/// <summary>How light a colour is.</summary>
internal static class Luma
{
    /// <summary>Computes (299 R + 587 G + 114 B) / 1000 of ITU-R BT.601 as Pillow's mode L does.</summary>
    /// <remarks>The factors are 65536 times 0.299, 0.587 and 0.114; a grey pixel keeps its value exactly.</remarks>
    public static byte Of(byte red, byte green, byte blue) => (byte)(((19595 * red) + (38470 * green) + (7471 * blue) + 0x8000) >> 16);
}
