using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PhotoMl.Imaging;

/// <summary>What the EXIF block of a JPEG, PNG or WebP says of the photo: how to hold it, when and with what it was taken.</summary>
/// <remarks>Reads six entries of "Exchangeable image file format for digital still cameras: Exif Version 2.3" (CIPA DC-008-2012, section
/// 4.6) and nothing else; in a PNG it is the eXIf chunk (third edition, section 11.3.4.5), in a WebP the EXIF chunk (RFC 9649, section
/// 2.7.1.5). The first block of a file counts, and in it the first entry of a tag. Any bytes may be given: every offset is checked
/// before it is followed, no count is believed, and an offset that leads in a circle leads nowhere.</remarks>
internal readonly record struct ExifBlock(
    int Orientation, DateTime? Taken, string? Camera, string? Lens = null, string? Software = null)
{
    private const int EntryBytes = 12;
    private const int LongestText = 64;
    private const string TimeFormat = "yyyy:MM:dd HH:mm:ss";

    private const ushort Ascii = 2;

    private const ushort MakeTag = 0x010F;
    private const ushort ModelTag = 0x0110;
    private const ushort OrientationTag = 0x0112;
    private const ushort SoftwareTag = 0x0131;
    private const ushort LensTag = 0xA434;
    private const ushort ExifFolderTag = 0x8769;
    private const ushort TakenTag = 0x9003;

    private static ReadOnlySpan<byte> Header => "Exif\0"u8; // and a byte whose value is ignored

    public static ExifBlock Read(ReadOnlySpan<byte> file)
    {
        var tiff = file.StartsWith(JpegMarkers.Start) ? FindInJpeg(file)
            : file.StartsWith(PngChunks.Signature) ? FindInPng(file)
            : file.StartsWith("RIFF"u8) ? FindInWebp(file)
            : [];
        tiff = tiff.StartsWith(Header) ? tiff[Math.Min(tiff.Length, Header.Length + 1)..] : tiff; // not only in JPEG files
        var isLittle = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < EntryBytes || !(isLittle || tiff.StartsWith("MM\0*"u8)))
        {
            return new ExifBlock(1, null, null);
        }

        // An entry that is missing lies at 0, where no type of one is.
        var image = ReadFolder(tiff, isLittle, Word(tiff, 4, isLittle));
        var photo = image.TryGetValue(ExifFolderTag, out var folder) ? ReadFolder(tiff, isLittle, Word(tiff, folder + 8, isLittle)) : [];
        var turn = image.GetValueOrDefault(OrientationTag);
        var orientation = Half(tiff, turn + 2, isLittle) switch
        {
            1 or 6 => tiff[turn + 8], // bytes
            3 or 8 => Half(tiff, turn + 8, isLittle),
            4 or 9 => Word(tiff, turn + 8, isLittle),
            _ => 0,
        };
        var make = ReadText(tiff, image.GetValueOrDefault(MakeTag), isLittle);
        var model = ReadText(tiff, image.GetValueOrDefault(ModelTag), isLittle);
        var taken = ReadText(tiff, photo.GetValueOrDefault(TakenTag), isLittle);

        // Some programs write the date as ISO 8601 has it, and a fraction or a zone behind the time.
        taken = taken.Replace('-', ':').Replace('/', ':').Replace('T', ' ')[..Math.Min(taken.Length, TimeFormat.Length)];
        var isTime = DateTime.TryParseExact(taken, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment);
        var camera = model.StartsWith(make, StringComparison.OrdinalIgnoreCase) ? model : $"{make} {model}".Trim();
        var known = orientation is >= 1 and <= 8 ? (int)orientation : 1;
        var lens = ReadText(tiff, photo.GetValueOrDefault(LensTag), isLittle);
        var software = ReadText(tiff, image.GetValueOrDefault(SoftwareTag), isLittle);
        return new ExifBlock(known, isTime ? moment : null, NullIfEmpty(camera), NullIfEmpty(lens), NullIfEmpty(software));

        static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;
    }

    private static ReadOnlySpan<byte> FindInJpeg(ReadOnlySpan<byte> file)
    {
        var markers = new JpegMarkers(file);
        while (markers.MoveNext() && markers.Code is not (JpegMarkers.StartOfScan or JpegMarkers.EndOfImage))
        {
            if (markers.Code == 0xE1 && markers.Data.StartsWith(Header))
            {
                return markers.Data;
            }
        }

        return [];
    }

    private static ReadOnlySpan<byte> FindInPng(ReadOnlySpan<byte> file)
    {
        var chunks = new PngChunks(file);
        if (chunks.MoveTo("eXIf"u8))
        {
            return chunks.Data;
        }

        try
        {
            // Before there was a chunk, ImageMagick wrote the block as text: a line of its name, one of its length, hexadecimal digits.
            var text = PngText.Find(file, "", "Raw profile type exif") ?? PngText.Find(file, "", "Raw profile type APP1") ?? "";
            return Convert.FromHexString(string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2)));
        }
        catch (Exception exception) when (exception is FormatException or UnreadableImageException)
        {
            return [];
        }
    }

    private static ReadOnlySpan<byte> FindInWebp(ReadOnlySpan<byte> file)
    {
        const int Signature = 12;
        const int HasExif = 8;
        var isSaid = file.Length > Signature + 8 && file[Signature..].StartsWith("VP8X"u8) && (file[Signature + 8] & HasExif) != 0;
        for (var chunk = isSaid ? file[Signature..] : []; chunk.Length > 8;)
        {
            var end = Math.Min(chunk.Length, 8 + (long)BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]));
            if (chunk.StartsWith("EXIF"u8))
            {
                return chunk[8..(int)end];
            }

            chunk = chunk[(int)Math.Min(chunk.Length, end + (end & 1))..];
        }

        return [];
    }

    /// <summary>Finds where the entry of each tag lies; nothing where the offset leads out of the block.</summary>
    private static Dictionary<ushort, int> ReadFolder(ReadOnlySpan<byte> tiff, bool isLittle, long offset)
    {
        var entries = new Dictionary<ushort, int>();
        var count = offset < 8 || offset + 2 > tiff.Length ? 0 : Half(tiff, (int)offset, isLittle);
        for (var at = (int)offset + 2; count > 0 && at + EntryBytes <= tiff.Length; at += EntryBytes, count--)
        {
            entries.TryAdd(Half(tiff, at, isLittle), at);
        }

        return entries;
    }

    private static string ReadText(ReadOnlySpan<byte> tiff, int entry, bool isLittle)
    {
        var length = Word(tiff, entry + 4, isLittle);
        var start = length <= 4 ? entry + 8 : Word(tiff, entry + 8, isLittle);
        if (Half(tiff, entry + 2, isLittle) != Ascii || length > LongestText || start + length > tiff.Length)
        {
            return "";
        }

        var text = Encoding.Latin1.GetString(tiff.Slice((int)start, (int)length)).Split('\0')[0];
        return string.Concat(text.Where(c => !char.IsControl(c))).Trim();
    }

    private static ushort Half(ReadOnlySpan<byte> tiff, int at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(tiff[at..]) : BinaryPrimitives.ReadUInt16BigEndian(tiff[at..]);

    private static long Word(ReadOnlySpan<byte> tiff, int at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[at..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[at..]);
}
