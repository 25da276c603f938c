using System.Text.Json.Serialization;

namespace PhotoMl.Models;

/// <summary>Which network a classifier is.</summary>
public enum ClassifierArchitecture
{
    /// <summary><see cref="ConvClassifier"/>, for small images such as digits.</summary>
    Convnet,

    /// <summary><see cref="ResNet18Classifier"/>, for photos.</summary>
    [JsonStringEnumMemberName("resnet18")]
    ResNet18,
}
