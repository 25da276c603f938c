using System.Text.Json.Serialization;

namespace PhotoMl.Data;

/// <summary>What a file is to its data set.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatasetFileRole>))]
public enum DatasetFileRole
{
    /// <summary>The images to train on.</summary>
    [JsonStringEnumMemberName("train-images")]
    TrainImages,

    /// <summary>The labels of the images to train on.</summary>
    [JsonStringEnumMemberName("train-labels")]
    TrainLabels,

    /// <summary>The images to judge by.</summary>
    [JsonStringEnumMemberName("test-images")]
    TestImages,

    /// <summary>The labels of the images to judge by.</summary>
    [JsonStringEnumMemberName("test-labels")]
    TestLabels,
}
