namespace PhotoMl.Evaluation;

/// <summary>What a classifier and its probabilities are worth on labelled images.</summary>
/// <param name="Report">Accuracy, confusion matrix, and the cross-entropy at the classifier's temperature.</param>
/// <param name="Temperature">The temperature of its probabilities.</param>
/// <param name="Calibration">How far the probabilities are what they say.</param>
/// <param name="Uncalibrated">The same at temperature 1.</param>
/// <param name="Sets">What its sets are worth; null where no coverage was asked for.</param>
public sealed record CalibratedReport(
    ClassificationReport Report, double Temperature, CalibrationReport Calibration, CalibrationReport Uncalibrated, ConformalReport? Sets);
