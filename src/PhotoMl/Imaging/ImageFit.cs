using System.Text.Json.Serialization;

namespace PhotoMl.Imaging;

/// <summary>How a picture of any size is brought to the size of the network's input.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageFit>))]
public enum ImageFit
{
    /// <summary>The whole picture, stretched to the size; its aspect ratio is lost.</summary>
    [JsonStringEnumMemberName("stretch")]
    Stretch,

    /// <summary>The whole picture with its aspect ratio, centred, the rest filled with the colour of its border.</summary>
    [JsonStringEnumMemberName("pad")]
    Pad,

    /// <summary>
    /// As MNIST was made: the ink is cut out, scaled with its aspect ratio to fit a box of 20/28 of the size, and its centre of mass put in the middle.
    /// </summary>
    [JsonStringEnumMemberName("center_of_mass")]
    CenterOfMass,
}
