using System.Text;

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

    // Names of pictures have capitals.
    private static readonly (string Name, string Start)[] Unsupported =
    [
        ("CR2", "II*\0????CR"), ("CRW", "II\u001A\0\0\0HEAP"), ("RAF", "FUJIFILMCCD"), ("ORF", "IIRO"), ("ORF", "IIRS"), ("ORF", "MMOR"),
        ("RW2", "IIU\0"), ("X3F", "FOVb"), ("TIFF", "II*\0"), ("TIFF", "MM\0*"), ("BigTIFF", "II+\0"), ("BigTIFF", "MM\0+"),
        ("JPEG XL", "\u00FF\n"), ("JPEG XL", "\0\0\0\fJXL "), ("JPEG XR", "II\u00BC"), ("JPEG 2000", "\0\0\0\fjP  "),
        ("JPEG 2000", "\u00FFO\u00FFQ"), ("PSD", "8BPS"), ("ICO", "\0\0\u0001\0"), ("OpenEXR", "v/1\u0001"), ("DDS", "DDS "),
        ("HDR", "#?RADIANCE"), ("PGM", "P5\n"), ("PPM", "P6\n"), ("FITS", "SIMPLE  ="), ("PDF", "%PDF"), ("PostScript", "%!PS"),
        ("DICOM", new string('?', 128) + "DICM"), ("video", "RIFF????AVI "), ("video", "\u001AE\u00DF\u00A3"), ("video", "????moov"),
        ("video", "????mdat"), ("video", "\0\0\u0001\u00BA"), ("sound", "RIFF????WAVE"), ("sound", "ID3"), ("zip", "PK\u0003\u0004"),
        ("gzip", "\u001F\u008B"), ("7z", "7z\u00BC\u00AF"), ("rar", "Rar!"), ("hdf5", "\u0089HDF"), ("numpy", "\u0093NUMPY"),
        ("git-lfs pointer", "version https://git-lfs"), ("parquet", "PAR1"), ("xls", "\u00D0\u00CF\u0011\u00E0"),
    ];

    // Those of ISO base media files. What is only mif1 or msf1 does not say how its pictures are coded; nearly all are HEIC.
    private static readonly (string Name, string[] Brands)[] Brands =
    [
        ("AVIF", ["avif", "avis"]), ("HEIC", ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]), ("CR3", ["crx "]),
        ("HEIC", ["mif1", "msf1"]), ("sound", ["M4A "]),
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
            : Find(Unsupported, start) ?? FindBrand(start) ?? FindText(start) ?? "something else";
        var extension = Path.GetExtension(path).ToUpperInvariant();
        return NotAnImage + (kind == "TIFF" && CameraRaw.Contains(extension) ? extension[1..] : kind);
    }

    /// <summary>What <see cref="Refuse"/> found; null of any other problem.</summary>
    public static string? KindIn(string? problem) =>
        problem?.StartsWith(NotAnImage, StringComparison.Ordinal) == true ? problem[NotAnImage.Length..] : null;

    /// <summary>Whether a kind is of pictures, though of none that are read.</summary>
    public static bool IsPicture(string kind) => kind is not ("PDF" or "PostScript") && kind.Any(char.IsAsciiLetterUpper);

    /// <summary>One sentence that counts the problems of <see cref="Refuse"/> by kind; null where there are none.</summary>
    public static string? Count(IEnumerable<string?> problems)
    {
        var kinds = problems.Select(KindIn).OfType<string>()
            .Select(kind => kind switch { "something else" => "other", "nothing" => "empty", "html" => "HTML", _ => kind }).ToList();
        return kinds.Count == 0 ? null : $"{CountNames(kinds, " file")} {(kinds.Count == 1 ? "is" : "are")} not read.";
    }

    /// <summary>How often each name occurs, the most frequent first; behind each perhaps what it is a name of.</summary>
    public static string CountNames(IEnumerable<string> names, string thing = "") => string.Join(", ", names.CountBy(name => name)
        .OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal)
        .Select(name => $"{name.Value:N0} {name.Key}{thing}{(thing.Length == 0 || name.Value == 1 ? "" : "s")}"));

    private static string StartOf(ReadOnlySpan<byte> content) => Encoding.Latin1.GetString(content[..Math.Min(content.Length, StartBytes)]);

    private static string? Find((string Name, string Start)[] formats, string start) =>
        formats.FirstOrDefault(format => format.Start.Length <= start.Length
            && format.Start.Zip(start).All(pair => pair.First is '?' || pair.First == pair.Second)).Name;

    // The box's size, then the major brand, its version, and what it is compatible with.
    private static string? FindBrand(string start) => start.Length < 12 || start[4..8] != "ftyp" ? null
        : Brands.FirstOrDefault(known => known.Brands.Any(start[8..Math.Clamp((start[2] << 8) + start[3], 12, start.Length)].Contains)).Name
            ?? "video";

    // Text has no control characters, but zeros where it is UTF-16.
    private static string? FindText(string start) =>
        start is not (['\u00FF', '\u00FE', ..] or ['\u00FE', '\u00FF', ..]) && start.Any(c => c < ' ' && !char.IsWhiteSpace(c)) ? null
        : start.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "SVG"
        : start.Contains("<html", StringComparison.OrdinalIgnoreCase) ? "html"
        : "text";
}
