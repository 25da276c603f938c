namespace PhotoMl.Data;

/// <summary>A point of a stroke: where the middle of the pen is, and how wide its mark.</summary>
internal readonly record struct InkPoint(double X, double Y, double Radius);
