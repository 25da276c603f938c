namespace PhotoMl.Data;

/// <summary>Drawn digits of 28x28.</summary>
/// <param name="Pixels">The pixels, 784 an image.</param>
/// <param name="Labels">The labels.</param>
public sealed record DigitImages(byte[] Pixels, byte[] Labels);
