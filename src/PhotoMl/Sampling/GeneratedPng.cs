using PhotoMl.Imaging;
using PhotoMl.Models;

namespace PhotoMl.Sampling;

/// <summary>PNG files of generated pictures with their provenance records, and the proof that a file shows what its record says.</summary>
internal static class GeneratedPng
{
    public static byte[] Make(LoadedGenerator generator, ImageProvenance provenance)
    {
        Check(generator, provenance);
        var options = new SampleOptions
        {
            Seed = provenance.Seed,
            First = provenance.Index,
            Count = provenance.Count,
            Class = provenance.Class is not { } name
                ? null
                : generator.Info.FindClass(name)
                    ?? throw new ArgumentException($"Expected a class of the model but got {name}.", nameof(provenance)),
            Truncation = provenance.Truncation ?? double.PositiveInfinity,
        };
        using var precision = new PrecisionScope(provenance.Precision);
        using var pixels = provenance.OtherSeed is { } other
            ? GeneratorSampler.Interpolate(generator.Model, options, other)
            : GeneratorSampler.Sample(generator.Model, options);
        return Encode(pixels, provenance);
    }

    public static byte[] Encode(Tensor pixels, ImageProvenance provenance) => PngText.Add(
        ImageGrid.EncodePng(pixels, provenance.Columns, provenance.Scale), ImageProvenance.Keyword, provenance.ToText());

    /// <summary>Makes the picture of a provenance again and compares the file with it: the largest difference; null for another
    /// size.</summary>
    public static int? Compare(string path, ImageProvenance provenance, LoadedGenerator generator)
    {
        var size = Check(generator, provenance);
        var found = ImageFile.Decode(path);
        if ((found.Width, found.Height) != size)
        {
            return null;
        }

        var again = ImageFile.Decode(Make(generator, provenance), path);
        return again.Rgb.Zip(found.Rgb, (one, other) => Math.Abs(one - other)).Max();
    }

    // Anybody can write a provenance: what cannot be is refused before it takes time or memory.
    private static (int Width, int Height) Check(LoadedGenerator generator, ImageProvenance provenance)
    {
        if (provenance.ModelHash != generator.Hash)
        {
            throw new ArgumentException($"Expected the model {provenance.ModelHash} but got {generator.Hash}.", nameof(generator));
        }

        if (provenance.OtherSeed is not null && (provenance.Index != 0 || provenance.Count < 2))
        {
            var found = $"{provenance.Count} from picture {provenance.Index} on";
            throw new ArgumentException($"Expected at least two pictures from picture 0 on but got {found}.", nameof(provenance));
        }

        var network = generator.Model.Options;
        return ImageGrid.SizeOf(provenance.Count, provenance.Columns, network.Height, network.Width, provenance.Scale);
    }
}
