using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PhotoMl.Imaging;

/// <summary>What the EXIF block of a JPEG or PNG says of the photo: how to hold it, when and with what it was taken.</summary>
/// <param name="Orientation">How the stored picture is turned, 1 (upright) to 8; 1 where it is missing or makes no sense.</param>
/// <param name="Taken">The time by the camera's clock; <see langword="null"/> where it is missing or makes no sense.</param>
/// <param name="Camera">Make and model; <see langword="null"/> where both are missing.</param>
/// <remarks>
/// Reads four entries of "Exchangeable image file format for digital still cameras: Exif Version 2.3" (CIPA DC-008-2012, section 4.6) and nothing else; in a PNG it is the eXIf chunk (third edition, section 11.3.4.5). Any bytes
/// may be given: every offset is checked before it is followed, no count is believed, and an offset that leads in a circle leads nowhere.
/// </remarks>
internal readonly record struct ExifBlock(int Orientation, DateTime? Taken, string? Camera)
{
    private const int EntryBytes = 12;
    private const int MostEntries = 512;
    private const int LongestText = 64;

    private const ushort MakeTag = 0x010F;
    private const ushort ModelTag = 0x0110;
    private const ushort OrientationTag = 0x0112;
    private const ushort ExifFolderTag = 0x8769;
    private const ushort TakenTag = 0x9003;

    /// <summary>Reads the EXIF block of a file, if it has one.</summary>
    public static ExifBlock Read(ReadOnlySpan<byte> file)
    {
        var tiff = FindBlock(file);
        if (tiff.Length < 8 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
        {
            return new ExifBlock(1, null, null);
        }

        var isLittle = tiff[0] == 'I';
        var (orientation, make, model, taken, exifFolder) = (1, "", "", "", 0L);
        ReadFolder(tiff, isLittle, Word(tiff, 4, isLittle), (tag, tiff, at, isLittle) =>
        {
            switch (tag)
            {
                case OrientationTag: orientation = ReadOrientation(tiff, at, isLittle); break;
                case MakeTag: make = ReadText(tiff, at, isLittle); break;
                case ModelTag: model = ReadText(tiff, at, isLittle); break;
                case ExifFolderTag: exifFolder = Word(tiff, at + 8, isLittle); break;
            }
        });
        ReadFolder(tiff, isLittle, exifFolder, (tag, tiff, at, isLittle) => taken = tag == TakenTag ? ReadText(tiff, at, isLittle) : taken);

        var camera = model.StartsWith(make, StringComparison.OrdinalIgnoreCase) ? model : $"{make} {model}".Trim();
        return new ExifBlock(
            orientation,
            DateTime.TryParseExact(taken, "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null,
            camera.Length > 0 ? camera : null);
    }

    private delegate void EntryReader(ushort tag, ReadOnlySpan<byte> tiff, int at, bool isLittle);

    /// <summary>Finds the block; what it returns begins with the TIFF header.</summary>
    private static ReadOnlySpan<byte> FindBlock(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
        {
            return FindSegment(file);
        }

        return file.StartsWith(PngReader.Signature) ? FindChunk(file) : [];
    }

    /// <summary>Walks the segments before a JPEG's pixels.</summary>
    private static ReadOnlySpan<byte> FindSegment(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF && file[at + 1] is not (0xDA or 0xD9);)
        {
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

    /// <summary>Walks the chunks of a PNG; one after the pixels counts too.</summary>
    private static ReadOnlySpan<byte> FindChunk(ReadOnlySpan<byte> file)
    {
        var at = PngReader.Signature.Length;
        while (at + PngReader.FrameBytes <= file.Length)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - PngReader.FrameBytes)
            {
                return [];
            }

            if (file.Slice(at + 4, PngReader.TypeBytes).SequenceEqual("eXIf"u8))
            {
                return file.Slice(at + 8, (int)length);
            }

            at += PngReader.FrameBytes + (int)length;
        }

        return [];
    }

    private static int ReadOrientation(ReadOnlySpan<byte> tiff, int entry, bool isLittle)
    {
        const ushort Short = 3;
        int value = Half(tiff, entry + 8, isLittle);
        return Half(tiff, entry + 2, isLittle) == Short && value is >= 1 and <= 8 ? value : 1;
    }

    private static void ReadFolder(ReadOnlySpan<byte> tiff, bool isLittle, long offset, EntryReader read)
    {
        if (offset < 8 || offset + 2 > tiff.Length)
        {
            return;
        }

        var count = Math.Min((int)Half(tiff, (int)offset, isLittle), MostEntries);
        for (var i = 0; i < count; i++)
        {
            var at = (int)offset + 2 + (i * EntryBytes);
            if (at + EntryBytes > tiff.Length)
            {
                return;
            }

            read(Half(tiff, at, isLittle), tiff, at, isLittle);
        }
    }

    private static string ReadText(ReadOnlySpan<byte> tiff, int entry, bool isLittle)
    {
        const ushort Ascii = 2;
        var length = Word(tiff, entry + 4, isLittle);
        var start = length <= 4 ? entry + 8 : Word(tiff, entry + 8, isLittle);
        if (Half(tiff, entry + 2, isLittle) != Ascii || length > LongestText || start + length > tiff.Length)
        {
            return "";
        }

        var bytes = tiff.Slice((int)start, (int)length);
        var end = bytes.IndexOf((byte)0);
        return new string([.. Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]).Where(c => !char.IsControl(c))]).Trim();
    }

    private static ushort Half(ReadOnlySpan<byte> tiff, int at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(tiff[at..]) : BinaryPrimitives.ReadUInt16BigEndian(tiff[at..]);

    private static long Word(ReadOnlySpan<byte> tiff, int at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[at..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[at..]);
}
