using System.Text.Json;
using System.Text.Json.Serialization;
using PhotoMl.Imaging;

namespace PhotoMl.Sampling;

/// <summary>Where a generated picture comes from; stored in its PNG file, so that it can be made again and compared.</summary>
/// <remarks>Texts of a PNG file can be changed by anyone: a record proves nothing until the picture was made again from it.</remarks>
public sealed record ImageProvenance
{
    internal const string Keyword = "photoml";

    /// <summary>The version of the record this library writes, and the newest it reads.</summary>
    internal const int CurrentFormat = 1;

    private const int MostImages = 1_000_000;

    /// <summary>The version of the record.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>The SHA-256 of the generator's weights; see <see cref="Models.ModelHash"/>.</summary>
    public required string ModelHash { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>The seed at the other end of an interpolation; null for all other pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? OtherSeed { get; init; }

    /// <summary>Which picture of the seed, or the first of them, from 0.</summary>
    public required long Index { get; init => field = Checked.InRange(value, 0, long.MaxValue / 2, nameof(Index)); }

    /// <summary>How many pictures the file shows. Default 1.</summary>
    public int Count { get; init => field = Checked.InRange(value, 1, MostImages, nameof(Count)); } = 1;

    /// <summary>How many stand side by side. Default 1.</summary>
    public int Columns { get; init => field = Checked.InRange(value, 1, MostImages, nameof(Columns)); } = 1;

    /// <summary>How many pixels a side each pixel is drawn as. Default 1.</summary>
    public int Scale { get; init => field = Checked.InRange(value, 1, 64, nameof(Scale)); } = 1;

    /// <summary>The name of the class that was asked for; null where none was.</summary>
    public string? Class { get; init; }

    /// <summary>The truncation; null where nothing was drawn again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Truncation { get; init => field = Checked.InRange(value, 0.01, double.MaxValue, nameof(Truncation)); }

    /// <summary>The dtype of the products.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The version of PhotoMl.</summary>
    public string Version { get; init; } = typeof(ImageProvenance).Assembly.GetName().Version!.ToString(3);

    /// <summary>Reads the provenance record of a file.</summary>
    /// <param name="path">A PNG file.</param>
    /// <returns>The record; null where the file has none.</returns>
    /// <exception cref="UnreadableImageException">The file is no PNG, is damaged, or its record cannot be one.</exception>
    public static ImageProvenance? Read(string path)
    {
        if (PngText.Find(path, Keyword) is not { } text)
        {
            return null;
        }

        try
        {
            var record = JsonSerializer.Deserialize<ImageProvenance>(text, PhotoMlJson.Line) ?? throw new JsonException("It is null.");
            return record.FormatVersion is >= 1 and <= CurrentFormat
                ? record
                : throw new UnreadableImageException(
                    path, $"expected a provenance record of format {CurrentFormat} but found format {record.FormatVersion}");
        }
        catch (Exception exception) when (exception
            is JsonException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new UnreadableImageException(
                path, $"expected a provenance record but found a text that is none: {PhotoMlException.ReasonOf(exception)}", exception);
        }
    }

    internal string ToText() => JsonSerializer.Serialize(this, PhotoMlJson.Line);
}
