namespace PhotoMl.Data;

/// <summary>Drawn digits, as bytes.</summary>
/// <param name="Pixels">Grey values, (N, 28, 28) row by row, 0 paper to 255 ink.</param>
/// <param name="Labels">The digit in each image, (N), 0 to 9.</param>
public sealed record DigitImages(byte[] Pixels, byte[] Labels);
