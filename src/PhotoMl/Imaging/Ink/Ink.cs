namespace PhotoMl.Imaging;

/// <summary>A figure cut out of a picture.</summary>
/// <param name="Pixels">The figure within its bounding box, 255 where it is full ink and 0 where there is none.</param>
/// <param name="StrokeWidth">The mean width of its strokes in pixels.</param>
/// <param name="Left">Its first column in the picture.</param>
/// <param name="Top">Its first row in the picture.</param>
internal sealed record Ink(PixelPlane Pixels, double StrokeWidth, int Left = 0, int Top = 0);
