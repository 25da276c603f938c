using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace PhotoMl.Imaging;

/// <summary>Says what a file is by its first bytes.</summary>
internal static class ImageFormat
{
    /// <summary>How many bytes are looked at.</summary>
    public const int StartBytes = 512;

    private const string NotAnImage = "expected a JPEG, PNG, WebP, BMP or GIF image but found ";

    // How files begin, a character a byte; a question mark stands for any. The size of a BMP's second header is below 256, which no text
    // that begins with BM has.
    private static readonly (string Name, string Start)[] Supported =
    [
        ("JPEG", "\u00FF\u00D8\u00FF"), ("PNG", "\u0089PNG"), ("WebP", "RIFF????WEBP"), ("BMP", "BM?????????????\0\0\0"), ("GIF", "GIF8"),
    ];

    private static readonly (string Name, string Start)[] Pictures =
    [
        ("CR2", "II*\0????CR"), ("CRW", "II\u001A\0\0\0HEAP"), ("RAF", "FUJIFILMCCD"), ("ORF", "IIRO"), ("ORF", "IIRS"), ("ORF", "MMOR"),
        ("RW2", "IIU\0"), ("X3F", "FOVb"), ("MRW", "\0MRM"), ("TIFF", "II*\0"), ("TIFF", "MM\0*"), ("BigTIFF", "II+\0"),
        ("BigTIFF", "MM\0+"), ("JPEG XL", "\u00FF\n"), ("JPEG XL", "\0\0\0\fJXL "), ("JPEG XR", "II\u00BC"), ("PSD", "8BPS"),
        ("JPEG 2000", "\0\0\0\fjP  "), ("JPEG 2000", "\u00FFO\u00FFQ"), ("ICO", "\0\0\u0001\0"), ("OpenEXR", "v/1\u0001"), ("DDS", "DDS "),
        ("HDR", "#?RADIANCE"), ("PGM", "P5\n"), ("PPM", "P6\n"), ("XCF", "gimp xcf"), ("FITS", "SIMPLE  ="), ("PDF", "%PDF"),
        ("PostScript", "%!PS"), ("DICOM", new string('?', 128) + "DICM"),
    ];

    private static readonly (string Name, string Start)[] Others =
    [
        ("zip", "PK\u0003\u0004"), ("gzip", "\u001F\u008B"), ("7z", "7z\u00BC\u00AF"), ("rar", "Rar!"), ("video", "RIFF????AVI "),
        ("video", "\u001AE\u00DF\u00A3"), ("video", "????moov"), ("video", "????mdat"), ("video", "\0\0\u0001\u00BA"), ("sound", "ID3"),
        ("sound", "RIFF????WAVE"), ("HDF5", "\u0089HDF"), ("NumPy", "\u0093NUMPY"), ("SQLite", "SQLite format"),
        ("AppleDouble", "\0\u0005\u0016\u0007"), ("Git LFS pointer", "version https://git-lfs"),
    ];

    // Those of ISO base media files. What is only mif1 or msf1 does not say how its pictures are coded; nearly all are HEIC.
    private static readonly (string Name, string Brands)[] Brands =
    [
        ("AVIF", "avif avis"), ("HEIC", "heic heix heim heis hevc hevx hevm hevs"), ("CR3", "crx"), ("HEIC", "mif1 msf1 heif"),
        ("sound", "M4A"),
    ];

    // Their files begin as TIFF does.
    private static readonly string[] CameraRaw =
        [".3FR", ".ARW", ".DNG", ".ERF", ".IIQ", ".KDC", ".NEF", ".NRW", ".PEF", ".RWL", ".SR2", ".SRF", ".SRW"];

    /// <summary>The format of an image that is read; null of anything else.</summary>
    public static string? Find(ReadOnlySpan<byte> content) => Find(Supported, StartOf(content));

    /// <summary>What an image was expected to be and what was found instead, in a part of a sentence.</summary>
    public static string Refuse(ReadOnlySpan<byte> content, string path)
    {
        var start = StartOf(content);
        var kind = content.IsEmpty ? "nothing"
            : Find(Pictures, start) ?? Find(Others, start) ?? FindBrand(start) ?? FindText(content, start) ?? "something else";
        var extension = Path.GetExtension(path).ToUpperInvariant();
        return NotAnImage + (kind == "TIFF" && CameraRaw.Contains(extension) ? extension[1..] : kind);
    }

    /// <summary>What <see cref="Refuse"/> found; null of any other problem.</summary>
    public static string? KindIn(string? problem) =>
        problem?.StartsWith(NotAnImage, StringComparison.Ordinal) == true ? problem[NotAnImage.Length..] : null;

    /// <summary>Whether a kind is of pictures, though of none that are read.</summary>
    public static bool IsPicture(string kind) =>
        kind == "SVG" || CameraRaw.Contains($".{kind}") || Pictures.Any(known => known.Name == kind)
        || Brands.Any(known => known.Name == kind && kind != "sound");

    /// <summary>One sentence that counts the problems of <see cref="Refuse"/> by kind; null where there are none.</summary>
    public static string? Count(IEnumerable<string?> problems)
    {
        var counts = problems.Select(KindIn).OfType<string>().CountBy(kind => kind).OrderByDescending(kind => kind.Value)
            .ThenBy(kind => kind.Key, StringComparer.Ordinal).ToList();
        var kinds = counts.Select(kind =>
            $"{kind.Value:N0} {kind.Key switch { "something else" => "other", "nothing" => "empty", var name => name }}");
        var all = counts.Sum(kind => kind.Value);
        return all == 0 ? null : $"{string.Join(", ", kinds)} {(all == 1 ? "file is" : "files are")} not read.";
    }

    private static string StartOf(ReadOnlySpan<byte> content) => Encoding.Latin1.GetString(content[..Math.Min(content.Length, StartBytes)]);

    private static string? Find((string Name, string Start)[] formats, string start) =>
        formats.FirstOrDefault(format => format.Start.Length <= start.Length
            && format.Start.Zip(start).All(pair => pair.First is '?' || pair.First == pair.Second)).Name;

    private static string? FindBrand(string start)
    {
        if (start.Length < 12 || start[4..8] != "ftyp")
        {
            return null;
        }

        // The size of the box, then the major brand, its version, and what it is compatible with.
        var end = Math.Clamp((start[2] << 8) + start[3], 12, start.Length);
        var brands = start[8..end].Chunk(4).Where((_, index) => index != 1).Select(brand => new string(brand).TrimEnd()).ToList();
        return Brands.FirstOrDefault(known => known.Brands.Split(' ').Intersect(brands).Any()).Name ?? "video";
    }

    private static string? FindText(ReadOnlySpan<byte> content, string start)
    {
        var status = Utf8.ToUtf16(
            content[..start.Length], new char[start.Length], out _, out _, replaceInvalidSequences: false, isFinalBlock: false);
        var isMostlyAscii = 2 * start.Count(char.IsAscii) > start.Length;
        var isText = start is ['\u00FF', '\u00FE', ..] or ['\u00FE', '\u00FF', ..]
            || ((status != OperationStatus.InvalidData || isMostlyAscii) && !start.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c)));
        return !isText ? null
            : start.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "SVG"
            : start.Contains("<html", StringComparison.OrdinalIgnoreCase) ? "HTML"
            : "text";
    }
}
