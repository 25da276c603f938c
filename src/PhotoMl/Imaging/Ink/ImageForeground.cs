using System.Text.Json.Serialization;

namespace PhotoMl.Imaging;

/// <summary>What the network expects of light and dark.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageForeground>))]
public enum ImageForeground
{
    /// <summary>Nothing: pictures stay as they are.</summary>
    [JsonStringEnumMemberName("any")]
    Any,

    /// <summary>Light figures on dark ground, as MNIST has them: a picture on light ground is inverted.</summary>
    [JsonStringEnumMemberName("light")]
    Light,
}
