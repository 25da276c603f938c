using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PhotoMl.Imaging;

/// <summary>What the EXIF block of a JPEG or PNG says of the photo: how to hold it, when and with what it was taken.</summary>
/// <remarks>Reads four entries of "Exchangeable image file format for digital still cameras: Exif Version 2.3" (CIPA DC-008-2012, section
/// 4.6) and nothing else; in a PNG it is the eXIf chunk (third edition, section 11.3.4.5). Any bytes may be given: every offset is checked
/// before it is followed, no count is believed, and an offset that leads in a circle leads nowhere.</remarks>
internal readonly record struct ExifBlock(int Orientation, DateTime? Taken, string? Camera)
{
    private const int EntryBytes = 12;
    private const int MostEntries = 512;
    private const int LongestText = 64;
    private const string TimeFormat = "yyyy:MM:dd HH:mm:ss";

    private const ushort Ascii = 2;
    private const ushort Short = 3;

    private const ushort MakeTag = 0x010F;
    private const ushort ModelTag = 0x0110;
    private const ushort OrientationTag = 0x0112;
    private const ushort ExifFolderTag = 0x8769;
    private const ushort TakenTag = 0x9003;

    public static ExifBlock Read(ReadOnlySpan<byte> file)
    {
        var chunks = new PngChunks(file);
        var tiff = file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? FindSegment(file) : chunks.MoveTo("eXIf"u8) ? chunks.Data : [];
        var isLittle = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < EntryBytes || !(isLittle || tiff.StartsWith("MM\0*"u8)))
        {
            return new ExifBlock(1, null, null);
        }

        // An entry that is missing lies at 0, where no type of one is.
        var image = ReadFolder(tiff, isLittle, Word(tiff, 4, isLittle));
        var photo = image.TryGetValue(ExifFolderTag, out var folder) ? ReadFolder(tiff, isLittle, Word(tiff, folder + 8, isLittle)) : [];
        var turn = image.GetValueOrDefault(OrientationTag);
        var isTurned = Half(tiff, turn + 2, isLittle) == Short && Half(tiff, turn + 8, isLittle) is >= 1 and <= 8;
        var make = ReadText(tiff, image.GetValueOrDefault(MakeTag), isLittle);
        var model = ReadText(tiff, image.GetValueOrDefault(ModelTag), isLittle);
        var taken = ReadText(tiff, photo.GetValueOrDefault(TakenTag), isLittle);
        var isTime = DateTime.TryParseExact(taken, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment);
        var camera = model.StartsWith(make, StringComparison.OrdinalIgnoreCase) ? model : $"{make} {model}".Trim();
        return new ExifBlock(isTurned ? Half(tiff, turn + 8, isLittle) : 1, isTime ? moment : null, camera.Length > 0 ? camera : null);
    }

    private static ReadOnlySpan<byte> FindSegment(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF && file[at + 1] is not (0xDA or 0xD9);)
        {
            if (file[at + 1] == 0xFF)
            {
                at++; // any number of fill bytes may precede a marker
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]); // with itself
            if (length < 2 || at + 2 + length > file.Length)
            {
                return [];
            }

            var content = file.Slice(at + 4, length - 2);
            if (file[at + 1] == 0xE1 && content.StartsWith("Exif\0\0"u8))
            {
                return content[6..];
            }

            at += 2 + length;
        }

        return [];
    }

    /// <summary>Finds where the entry of each tag lies; nothing where the offset leads out of the block.</summary>
    private static Dictionary<ushort, int> ReadFolder(ReadOnlySpan<byte> tiff, bool isLittle, long offset)
    {
        var entries = new Dictionary<ushort, int>();
        var count = offset < 8 || offset + 2 > tiff.Length ? 0 : Math.Min((int)Half(tiff, (int)offset, isLittle), MostEntries);
        for (var at = (int)offset + 2; count > 0 && at + EntryBytes <= tiff.Length; at += EntryBytes, count--)
        {
            entries[Half(tiff, at, isLittle)] = at;
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
