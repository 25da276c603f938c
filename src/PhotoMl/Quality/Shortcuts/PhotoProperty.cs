using System.Globalization;

namespace PhotoMl.Quality;

/// <summary>A property of photos that should say nothing about their class: its value for each photo, of numbers one of eight
/// quantiles.</summary>
internal sealed record PhotoProperty(string Name, string[] Values)
{
    private const int Groups = 8;
    private const int FewestOfValue = 5;
    private const string Unknown = "unknown";
    private const string Others = "others";

    private static readonly (string Name, int R, int G, int B)[] Colors =
    [
        ("black", 0, 0, 0), ("dark gray", 64, 64, 64), ("gray", 128, 128, 128), ("light gray", 192, 192, 192), ("white", 255, 255, 255),
        ("red", 200, 40, 40), ("green", 40, 140, 40), ("blue", 40, 60, 200), ("yellow", 220, 200, 60), ("brown", 120, 80, 40),
        ("beige", 220, 200, 170), ("light blue", 150, 190, 230), ("pink", 230, 150, 170),
    ];

    /// <summary>The properties in which the photos differ.</summary>
    public static IEnumerable<PhotoProperty> Of(IReadOnlyList<PhotoInfo> photos)
    {
        PhotoProperty[] all =
        [
            Words("camera", photo => photo.Camera),
            Words("lens", photo => photo.Lens),
            Words("software", photo => photo.Software),
            Words("format", photo => photo.Format),
            Words("orientation", photo => $"{photo.Orientation}"),
            Words("size in pixels", photo => $"{photo.Width} x {photo.Height}"),
            Words("folder", FolderOf),
            Words("border color", BorderColorOf),
            new("date", GroupByQuantile([.. photos.Select(photo => (double?)photo.Taken?.Ticks)], ShowDate)),
            Numbers("aspect ratio", photo => (double)photo.Width / photo.Height, "F2"),
            Numbers("JPEG quality", photo => photo.JpegQuality, "F0"),
            Numbers("file size in kB", photo => photo.Bytes / 1000.0, "F0"),
            Numbers("brightness", photo => photo.Brightness, "F2"),
            Numbers("contrast", photo => photo.Contrast, "F2"),
            Numbers("sharpness", photo => photo.Sharpness, "F0"),
        ];
        return all.Where(property => property.Values.Distinct().Count() > 1);

        // Of a value of a few photos nothing can be said; together they are one.
        PhotoProperty Words(string name, Func<PhotoInfo, string?> value)
        {
            string[] words = [.. photos.Select(photo => value(photo) ?? Unknown)];
            var counts = words.CountBy(word => word).ToDictionary();
            return new PhotoProperty(name, Array.ConvertAll(words, word => counts[word] < FewestOfValue ? Others : word));
        }

        PhotoProperty Numbers(string name, Func<PhotoInfo, double?> value, string format) =>
            new(name, GroupByQuantile([.. photos.Select(value)], number => number.ToString(format, CultureInfo.InvariantCulture)));
    }

    // The folder that a photo lies in, without the innermost part that is named as its class.
    private static string FolderOf(PhotoInfo photo)
    {
        var parts = (Path.GetDirectoryName(photo.Path) ?? "").Split(Path.DirectorySeparatorChar);
        var own = Array.FindLastIndex(parts, part => part.Equals(photo.Class, StringComparison.OrdinalIgnoreCase));
        return string.Join('/', parts.Where((_, index) => index != own));
    }

    // The color nearest to that of the border.
    private static string BorderColorOf(PhotoInfo photo)
    {
        var border = PictureFrame.BorderColor(Convert.FromBase64String(photo.Frame));
        return Colors.MinBy(color => Square(border.R - color.R) + Square(border.G - color.G) + Square(border.B - color.B)).Name;

        static double Square(double difference) => difference * difference;
    }

    private static string ShowDate(double ticks) => new DateTime((long)ticks).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string[] GroupByQuantile(double?[] values, Func<double, string> show)
    {
        var sorted = values.OfType<double>().Order().ToArray();
        var ends = sorted.Length == 0 ? [] : Enumerable.Range(1, Groups)
            .Select(group => sorted[(((group * sorted.Length) + Groups - 1) / Groups) - 1]).Distinct().ToArray();
        var names = ends.Select((end, group) =>
        {
            var (first, last) = (show(group == 0 ? sorted[0] : sorted.First(value => value > ends[group - 1])), show(end));
            return first == last ? first : $"{first} to {last}";
        }).ToArray();
        return Array.ConvertAll(values, value => value is { } number ? names[Array.FindIndex(ends, end => number <= end)] : Unknown);
    }
}
