using PhotoMl.Imaging;
using PhotoMl.Models;
using static TorchSharp.torch;

namespace PhotoMl.Sampling;

/// <summary>PNG files of generated pictures with their receipts, and the proof that a file shows what its receipt says.</summary>
internal static class GeneratedPng
{
    /// <summary>Makes the PNG file that a receipt describes.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="receipt">What is shown.</param>
    /// <returns>The content of the file.</returns>
    /// <exception cref="ArgumentException">
    /// The receipt is of another model, names a class that does not exist, is of no picture there can be, or is of one too large for <see cref="ImageGrid"/>.
    /// </exception>
    public static byte[] Make(LoadedGenerator generator, ImageReceipt receipt)
    {
        Check(generator, receipt);
        using var pixels = Pixels(generator, receipt);
        return Encode(pixels, receipt);
    }

    /// <summary>Encodes pictures that were made already.</summary>
    /// <param name="pixels">The pictures, (N, C, H, W), uint8.</param>
    /// <param name="receipt">Where they come from.</param>
    /// <returns>The content of a PNG file.</returns>
    public static byte[] Encode(Tensor pixels, ImageReceipt receipt)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(receipt);
        using var contiguous = pixels.contiguous();
        var shape = contiguous.shape;
        var png = ImageGrid.EncodePng(contiguous.bytes, (int)shape[1], (int)shape[2], (int)shape[3], receipt.Columns, receipt.Scale);
        return PngText.Add(png, ImageReceipt.Keyword, receipt.ToText());
    }

    /// <summary>Makes the picture of a receipt again and compares the file with it.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="receipt">Its receipt.</param>
    /// <param name="generator">The generator of the receipt.</param>
    /// <returns>The largest difference of a pixel, 0 to 255; null where the file has another size.</returns>
    /// <exception cref="ArgumentException">
    /// The receipt is of another model, names a class that does not exist, is of no picture there can be, or is of one too large for <see cref="ImageGrid"/>.
    /// </exception>
    /// <exception cref="UnreadableImageException">The file cannot be decoded.</exception>
    public static int? Compare(string path, ImageReceipt receipt, LoadedGenerator generator)
    {
        var size = Check(generator, receipt);
        var found = ImageFile.Decode(path);
        if ((found.Width, found.Height) != size)
        {
            return null;
        }

        var again = ImageFile.Decode(Make(generator, receipt), path);
        var worst = 0;
        for (var i = 0; i < again.Rgb.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(found.Rgb[i] - again.Rgb[i]));
        }

        return worst;
    }

    // Anybody can write a receipt: what cannot be is refused before it takes time or memory.
    private static (int Width, int Height) Check(LoadedGenerator generator, ImageReceipt receipt)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(receipt);
        if (receipt.ModelHash != generator.Hash)
        {
            throw new ArgumentException($"Expected the model {receipt.ModelHash} but got {generator.Hash}.", nameof(generator));
        }

        if (receipt.OtherSeed is not null && (receipt.Index != 0 || receipt.Count < 2))
        {
            throw new ArgumentException(
                $"Expected at least two pictures from picture 0 on between two seeds but got {receipt.Count} from picture {receipt.Index} on.", nameof(receipt));
        }

        var network = generator.Model.Options;
        return ImageGrid.SizeOf(receipt.Count, receipt.Columns, network.Height, network.Width, receipt.Scale);
    }

    private static Tensor Pixels(LoadedGenerator generator, ImageReceipt receipt)
    {
        var options = new SampleOptions
        {
            Seed = receipt.Seed,
            First = receipt.Index,
            Count = receipt.Count,
            Class = receipt.Class is { } name ? generator.Info.FindClass(name) ?? throw new ArgumentException($"Expected a class of the model but got {name}.", nameof(receipt)) : null,
            Truncation = receipt.Truncation ?? double.PositiveInfinity,
        };
        using var precision = new PrecisionScope(receipt.Precision);
        return receipt.OtherSeed is { } other
            ? GeneratorSampler.Interpolate(generator.Model, options, other)
            : GeneratorSampler.Sample(generator.Model, options);
    }
}
