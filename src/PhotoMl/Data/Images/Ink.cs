namespace PhotoMl.Data;

/// <summary>A figure cut out of a picture.</summary>
/// <param name="Pixels">The figure within its bounding box, 255 where it is full ink and 0 where there is none.</param>
/// <param name="StrokeWidth">The mean width of its strokes in pixels.</param>
internal sealed record Ink(PixelPlane Pixels, double StrokeWidth);
