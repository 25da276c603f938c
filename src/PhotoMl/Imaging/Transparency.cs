namespace PhotoMl.Imaging;

/// <summary>Lays pictures with transparent pixels over a background.</summary>
internal static class Transparency
{
    private const int Opaque = 255;

    // What differs from its background by less, of 255, is hard to see; and of a hundredth of the ink no figure is made.
    private const int LeastContrast = 64;
    private const int LeastPart = 100;

    /// <summary>Lays pixels, (n, 4), not premultiplied, over white; over black if they are light and next to nothing of them could be seen
    /// on white.</summary>
    /// <remarks>What is drawn on a transparent background is nearly always dark ink that was meant for a page. An alpha that is 0 all over
    /// a bitmap file is a byte that no program has set.</remarks>
    public static void Flatten(Span<byte> rgba, bool isBitmapFile)
    {
        var (ink, light, seen) = (0L, 0L, 0L);
        for (var at = 0; at < rgba.Length; at += 4)
        {
            int alpha = rgba[at + 3];
            if (alpha > 0)
            {
                var luma = FloatImage.Luma(rgba[at], rgba[at + 1], rgba[at + 2]);
                ink += alpha;
                light += alpha * luma;
                seen += alpha * (Opaque - luma) >= LeastContrast * Opaque ? alpha : 0;
            }
        }

        if (ink == 0 && isBitmapFile)
        {
            return;
        }

        var background = light > ink * Opaque / 2 && seen * LeastPart <= ink ? 0 : Opaque;
        for (var at = 0; at < rgba.Length; at += 4)
        {
            int alpha = rgba[at + 3];
            for (var channel = at; channel < at + 3 && alpha < Opaque; channel++)
            {
                rgba[channel] = (byte)(((rgba[channel] * alpha) + (background * (Opaque - alpha)) + 127) / Opaque);
            }
        }
    }
}
