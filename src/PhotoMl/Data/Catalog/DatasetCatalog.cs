using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhotoMl.Data;

/// <summary>The known data sets: what they hold, where they come from and how to tell that they are whole.</summary>
/// <param name="Entries">The data sets.</param>
public sealed record DatasetCatalog(IReadOnlyList<DatasetEntry> Entries)
{
    private const string ResourceName = "PhotoMl.Data.catalog.json";

    private static readonly Lazy<DatasetCatalog> Embedded = new(ReadEmbedded);

    /// <summary>The catalogue that comes with the library (<c>data/catalog.json</c>).</summary>
    public static DatasetCatalog Default => Embedded.Value;

    /// <summary>Finds a data set by its id, in upper or lower case.</summary>
    /// <param name="id">The id, such as <c>mnist</c>.</param>
    /// <returns>The data set, or <see langword="null"/> where the catalogue has none of that id.</returns>
    public DatasetEntry? Find(string id) => Entries.FirstOrDefault(entry => entry.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    private static DatasetCatalog ReadEmbedded()
    {
        using var stream = typeof(DatasetCatalog).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The resource {ResourceName} is not in the library.");
        return JsonSerializer.Deserialize(stream, DatasetCatalogJson.Default.DatasetCatalog)
            ?? throw new InvalidOperationException($"The resource {ResourceName} is empty.");
    }
}

/// <summary>Reads the catalogue without reflection, so that a command that lists it starts at once.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DatasetCatalog))]
internal sealed partial class DatasetCatalogJson : JsonSerializerContext;
