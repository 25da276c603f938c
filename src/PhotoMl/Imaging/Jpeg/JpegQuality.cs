namespace PhotoMl.Imaging;

/// <summary>Finds the quality with which a JPEG file was written, by its table of luminance steps.</summary>
/// <remarks>libjpeg scales the table of ITU-T T.81, annex K.1, by 5000 / quality percent below 50, and by 200 - 2 quality above
/// (jcparam.c), where steps end at 255: below 25 this is up to 5 too high. Other programs have tables of their own, of which this gives the
/// quality with the same mean step.</remarks>
internal static class JpegQuality
{
    private const int TableMarker = 0xDB;
    private const int Steps = 64;
    private const double SumOfStandardTable = 3688;

    public static int? Find(ReadOnlySpan<byte> file)
    {
        var markers = new JpegMarkers(file);
        while (file.StartsWith(JpegMarkers.Start) && markers.MoveNext() && markers.Code != JpegMarkers.StartOfScan)
        {
            // The first byte is 0 of the table of luminance in bytes.
            if (markers.Code == TableMarker && markers.Data.Length > Steps && markers.Data[0] == 0)
            {
                var percent = 100 * markers.Data.Slice(1, Steps).ToArray().Sum(step => step) / SumOfStandardTable;
                return (int)Math.Clamp(Math.Round(percent <= 100 ? (200 - percent) / 2 : 5000 / percent), 1, 100);
            }
        }

        return null;
    }
}
