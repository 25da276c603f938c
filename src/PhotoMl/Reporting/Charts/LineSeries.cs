namespace PhotoMl.Reporting;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Its points from left to right; where a value is not finite, the line is broken.</param>
internal sealed record LineSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
