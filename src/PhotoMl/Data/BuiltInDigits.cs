namespace PhotoMl.Data;

/// <summary>Stands in for the drawn digits until they are merged: a bar whose place depends on the label.</summary>
public static class BuiltInDigits
{
    /// <summary>Generates images.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The images.</returns>
    public static DigitImages Generate(int count, long seed)
    {
        var random = new Runtime.DeterministicRandom(seed);
        var (pixels, labels) = (new byte[count * 784], new byte[count]);
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % 10);
            pixels.AsSpan((i * 784) + (labels[i] * 56), 56).Fill((byte)(128 + random.NextInt32(128)));
        }

        return new DigitImages(pixels, labels);
    }
}
