namespace PhotoMl.Data;

/// <summary>A point of a stroke: where the middle of the pen is, and how wide its mark.</summary>
/// <param name="X">From left to right.</param>
/// <param name="Y">From top to bottom.</param>
/// <param name="Radius">Half the width of the mark; 0 where the pen leaves none.</param>
internal readonly record struct InkPoint(double X, double Y, double Radius);
