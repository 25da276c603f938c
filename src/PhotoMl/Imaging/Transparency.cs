namespace PhotoMl.Imaging;

/// <summary>Lays pictures with transparent pixels over a background.</summary>
internal static class Transparency
{
    private const int Opaque = 255;

    // By how much a pixel differs from its background at least, of 255, that can be seen.
    private const int LeastContrast = 64;

    // What is visible of the ink may be this part of it, such as a blurred rim, and still say nothing.
    private const double StrayShare = 0.01;

    /// <summary>Lays pixels, (n, 4), not premultiplied, over white; over black if they are light and on white hardly any could be
    /// seen.</summary>
    /// <remarks>What is drawn on a transparent background is nearly always dark ink that was meant for a page. An alpha that is 0 all over
    /// a bitmap file is a fourth byte that no program has set.</remarks>
    public static void Flatten(Span<byte> rgba, bool isBitmapFile)
    {
        var (all, any) = (Opaque, 0);
        for (var at = 3; at < rgba.Length; at += 4)
        {
            all &= rgba[at];
            any |= rgba[at];
        }

        if (all == Opaque || (any == 0 && isBitmapFile))
        {
            return;
        }

        var background = IsForBlack(rgba) ? 0 : 255;
        for (var at = 0; at < rgba.Length; at += 4)
        {
            int alpha = rgba[at + 3];
            for (var channel = at; channel < at + 3 && alpha != Opaque; channel++)
            {
                rgba[channel] = (byte)(((rgba[channel] * alpha) + (background * (Opaque - alpha)) + 127) / Opaque);
            }
        }
    }

    private static bool IsForBlack(ReadOnlySpan<byte> rgba)
    {
        var (ink, light, seen) = (0L, 0L, 0L);
        for (var at = 0; at < rgba.Length; at += 4)
        {
            int alpha = rgba[at + 3];
            var luma = FloatImage.Luma(rgba[at], rgba[at + 1], rgba[at + 2]);
            ink += alpha;
            light += alpha * luma;
            seen += alpha * (255 - luma) >= LeastContrast * Opaque ? alpha : 0;
        }

        return light > ink * Opaque / 2 && seen <= ink * StrayShare;
    }
}
