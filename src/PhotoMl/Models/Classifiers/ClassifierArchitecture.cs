namespace PhotoMl.Models;

/// <summary>Which network a classifier is.</summary>
public enum ClassifierArchitecture
{
    /// <summary><see cref="ConvClassifier"/>, for small images such as digits.</summary>
    Convnet,
}
