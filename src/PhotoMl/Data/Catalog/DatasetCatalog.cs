using System.Text.Json;
using System.Text.Json.Serialization;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>The known data sets: what they hold, where they come from and what their files must be.</summary>
/// <param name="Entries">The data sets.</param>
public sealed record DatasetCatalog(IReadOnlyList<DatasetEntry> Entries)
{
    /// <summary>The catalog that comes with the library (<c>data/catalog.json</c>).</summary>
    public static DatasetCatalog Default { get; } = ReadEmbedded();

    /// <summary>Finds a data set by its id, in upper or lower case.</summary>
    /// <param name="id">The id, such as <c>mnist</c>.</param>
    /// <returns>The data set, or <see langword="null"/> where the catalog has none of that id.</returns>
    public DatasetEntry? Find(string id) => Entries.FirstOrDefault(entry => entry.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    private static DatasetCatalog ReadEmbedded()
    {
        using var stream = typeof(DatasetCatalog).Assembly.GetManifestResourceStream("PhotoMl.Data.catalog.json")!;
        return JsonSerializer.Deserialize(stream, DatasetCatalogJson.Default.DatasetCatalog)!;
    }
}

/// <summary>Reads the catalog without reflection, so that a command that lists it starts at once.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DatasetCatalog))]
internal sealed partial class DatasetCatalogJson : JsonSerializerContext;

/// <summary>One known data set of the catalog.</summary>
public sealed record DatasetEntry
{
    /// <summary>The name it is asked for by, such as <c>fashion-mnist</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name it is shown by.</summary>
    public required string Title { get; init; }

    /// <summary>The licence it is published under.</summary>
    public required string Licence { get; init; }

    /// <summary>Who made it, and where it is published.</summary>
    public required string Credit { get; init; }

    /// <summary>The height of each image in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The width of each image in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>How a picture of another size is brought to this one; the figures are light on dark.</summary>
    public required ImageFit Fit { get; init; }

    /// <summary>The name of each class, in the order of the labels.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The addresses of the folders that hold the gzip files, the preferred one first; none for a built-in set.</summary>
    public required IReadOnlyList<Uri> Mirrors { get; init; }

    [JsonInclude]
    internal IReadOnlyList<DatasetFile> Files { get; init; } = [];

    /// <summary>Whether the library makes the images itself.</summary>
    [JsonIgnore]
    public bool IsBuiltIn => Files.Count == 0;

    /// <summary>How a picture on disk becomes an image like these.</summary>
    [JsonIgnore]
    public ImagePreprocessing Preprocessing => new() { Height = Height, Width = Width, Fit = Fit, Foreground = ImageForeground.Light };
}

/// <summary>One file of a known data set.</summary>
internal sealed record DatasetFile(DatasetFileRole Role, string Name, long ByteCount, string Sha256);

/// <summary>What a file is to its data set.</summary>
[JsonConverter(typeof(DatasetFileRoleConverter))]
internal enum DatasetFileRole
{
    TrainImages,
    TrainLabels,
    TestImages,
    TestLabels,
}

internal sealed class DatasetFileRoleConverter() : JsonStringEnumConverter<DatasetFileRole>(JsonNamingPolicy.KebabCaseLower);
