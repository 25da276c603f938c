using System.Text.Json.Serialization;
using PhotoMl.Data;
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

    /// <summary>Its calibration; null where there is none, as in files of format 1.</summary>
    public CalibrationInfo? Calibration { get; init; }

    /// <summary>The temperature of its probabilities; 1 without calibration.</summary>
    [JsonIgnore]
    public double Temperature => Calibration?.Temperature ?? 1;

    /// <summary>How good it was found to be.</summary>
    public ClassifierScores Scores { get; init; } = new();

    /// <summary>Finds a class.</summary>
    /// <param name="name">The name of the class, or its number from 0.</param>
    /// <returns>Its number; null where there is no such class.</returns>
    public int? FindClass(string name) => ClassNameList.Find(ClassNames, name);
}

/// <summary>The calibration of a classifier on its validation images; stored in its model file.</summary>
public sealed record CalibrationInfo
{
    /// <summary>The lowest temperature, 0.05.</summary>
    public const double LowestTemperature = 0.05;

    /// <summary>The highest temperature, 20.</summary>
    public const double HighestTemperature = 20;

    /// <summary>What the logits are divided by before the softmax, 0.05 to 20; above 1 it lowers the confidence.</summary>
    public required double Temperature
    {
        get;
        init => field = Checked.InRange(value, LowestTemperature, HighestTemperature, nameof(Temperature));
    }

    /// <summary>How many validation images it was fitted on.</summary>
    public required int Images { get; init => field = Checked.InRange(value, 1, int.MaxValue, nameof(Images)); }

    /// <summary>The expected calibration error on these images at temperature 1, in [0, 1].</summary>
    public required double ErrorBefore { get; init => field = Checked.InRange(value, 0, 1, nameof(ErrorBefore)); }

    /// <summary>The expected calibration error on the same images at this temperature, in [0, 1].</summary>
    public required double ErrorAfter { get; init => field = Checked.InRange(value, 0, 1, nameof(ErrorAfter)); }
}

/// <summary>How good a classifier was found to be.</summary>
public sealed record ClassifierScores
{
    /// <summary>The accuracy on held-out training images, in [0, 1].</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The mean over the classes of the accuracy on held-out training images, in [0, 1].</summary>
    public double? ValidationBalancedAccuracy { get; init; }

    /// <summary>The cross-entropy on held-out training images, in nats.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The accuracy on the test images, in [0, 1].</summary>
    public double? TestAccuracy { get; init; }

    /// <summary>The mean over the classes of the accuracy on the test images, in [0, 1].</summary>
    public double? TestBalancedAccuracy { get; init; }

    /// <summary>The cross-entropy on the test images, in nats.</summary>
    public double? TestLoss { get; init; }

    /// <summary>The number of test images.</summary>
    public long? TestImages { get; init; }
}
