namespace PhotoMl.Evaluation;

/// <summary>How well one class is told from the others.</summary>
/// <param name="Name">The class.</param>
/// <param name="Precision">Of the images predicted as this class, the share that are of it, in [0, 1].</param>
/// <param name="Recall">Of the images of this class, the share predicted as it, in [0, 1].</param>
/// <param name="F1">The harmonic mean of precision and recall, in [0, 1].</param>
/// <param name="Support">The number of images of this class.</param>
public sealed record ClassMetrics(string Name, double Precision, double Recall, double F1, long Support);
