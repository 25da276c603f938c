using System.Text.Json;
using System.Text.Json.Serialization;

namespace PhotoMl.Models;

/// <summary>How a model was trained.</summary>
public sealed record TrainingSummary
{
    /// <summary>The data set, such as <c>mnist</c>.</summary>
    public required string Data { get; init; }

    /// <summary>A notice about the data, such as that the built-in digits stood in for MNIST; null where there was none.</summary>
    public string? Notice { get; init; }

    /// <summary>Whether rows and columns of the images were exchanged when they were loaded, as those of EMNIST need.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Transpose { get; init; }

    /// <summary>The images trained on in every epoch.</summary>
    public int TrainImages { get; init; }

    /// <summary>How many of them each class has, in the order of the class names; null where that is not known, as of generators and in
    /// older files.</summary>
    public IReadOnlyList<int>? ClassCounts { get; init; }

    /// <summary>The epoch the weights are from.</summary>
    public int Epoch { get; init; }

    /// <summary>The seed.</summary>
    public long Seed { get; init; }

    /// <summary>The dtype of convolutions in training.</summary>
    public Runtime.Precision Precision { get; init; }

    /// <summary>The threads used.</summary>
    public int Threads { get; init; }

    /// <summary>The version of PhotoMl.</summary>
    public string Version { get; init; } = "";

    /// <summary>All training options, as JSON; null where they are not known.</summary>
    public JsonElement? Options { get; init; }

    /// <summary>Whether images were flipped in training; taken to be so where the options are not known.</summary>
    internal bool HasFlips
    {
        get
        {
            if (Options is not { } options)
            {
                return true;
            }

            var augmentation = Find(options, "photo_augmentation") is { ValueKind: JsonValueKind.Object } photo
                ? photo : Find(options, "augmentation");
            return Find(augmentation, "flip") is { ValueKind: JsonValueKind.Number } flip && flip.GetDouble() > 0;

            static JsonElement Find(JsonElement value, string name) =>
                value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var found) ? found : default;
        }
    }
}
