namespace PhotoMl.Evaluation;

/// <summary>The images that a classifier is about equally sure of: a column of a reliability diagram.</summary>
/// <param name="Low">The lower end of their confidence, not included.</param>
/// <param name="High">The upper end, included.</param>
/// <param name="Images">How many there are.</param>
/// <param name="Confidence">The mean probability of their predicted classes, in [0, 1]; 0 where there are none.</param>
/// <param name="Accuracy">The share of them predicted right, in [0, 1]; 0 where there are none.</param>
public sealed record ReliabilityBin(double Low, double High, long Images, double Confidence, double Accuracy);
