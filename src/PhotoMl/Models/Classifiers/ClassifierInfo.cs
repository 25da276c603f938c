using System.Text.Json.Serialization;
using PhotoMl.Imaging;

namespace PhotoMl.Models;

/// <summary>What a classifier's model file stores beside the weights.</summary>
public sealed record ClassifierInfo
{
    /// <summary>The version of the model file this library writes, and the newest it reads.</summary>
    public const int CurrentFormat = 3;

    /// <summary>The kind of model a classifier's file names.</summary>
    public const string ClassifierKind = "classifier";

    /// <summary>The version of the model file.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>The kind of model.</summary>
    public string Kind { get; init; } = ClassifierKind;

    /// <summary>The sizes of the network.</summary>
    public required ClassifierOptions Network { get; init; }

    /// <summary>The name of each class, in the order of the logits.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>How a picture becomes the network's input.</summary>
    public required ImagePreprocessing Preprocessing { get; init; }

    /// <summary>How it was trained; null for weights from elsewhere.</summary>
    public TrainingSummary? Training { get; init; }

    /// <summary>How its probabilities were set right; null where they were not, as in files of format 1.</summary>
    public CalibrationInfo? Calibration { get; init; }

    /// <summary>The temperature of its probabilities; 1 where they were not set right.</summary>
    [JsonIgnore]
    public double Temperature => Calibration?.Temperature ?? 1;

    /// <summary>How good it was found to be.</summary>
    public ClassifierScores Scores { get; init; } = new();

    /// <summary>Finds a class.</summary>
    /// <param name="name">The name of the class, or its number from 0.</param>
    /// <returns>Its number; null where there is no such class.</returns>
    public int? FindClass(string name) => ClassNameList.Find(ClassNames, name);
}
