using PhotoMl.Imaging;
using PhotoMl.Models;

namespace PhotoMl.Sampling;

/// <summary>PNG files of generated pictures with their provenance records, and the proof that a file shows what its record says.</summary>
internal static class GeneratedPng
{
    public static byte[] Encode(Tensor pixels, ImageProvenance provenance) => PngText.Add(
        ImageGrid.EncodePng(pixels, provenance.Columns, provenance.Scale), ImageProvenance.Keyword, provenance.ToText());

    /// <summary>Makes the picture of a provenance of this generator again and compares the file with it: the largest difference; null for
    /// another size.</summary>
    /// <remarks>Anybody can write a provenance: what cannot be is refused before it takes time or memory.</remarks>
    public static int? Compare(string path, ImageProvenance provenance, LoadedGenerator generator)
    {
        if (provenance.OtherSeed is not null && (provenance.Index != 0 || provenance.Count < 2))
        {
            var given = $"{provenance.Count} from picture {provenance.Index} on";
            throw new ArgumentException($"Expected at least two pictures from picture 0 on but got {given}.", nameof(provenance));
        }

        var network = generator.Model.Options;
        var size = ImageGrid.SizeOf(provenance.Count, provenance.Columns, network.Height, network.Width, provenance.Scale);
        var found = ImageFile.Decode(path);
        if ((found.Width, found.Height) != size)
        {
            return null;
        }

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
        using var pixels = GeneratorSampler.Sample(generator.Model, options, provenance.OtherSeed);
        var again = ImageFile.Decode(Encode(pixels, provenance), path);
        return again.Pixels.ToArray().Zip(found.Pixels.ToArray(), (one, other) => Math.Abs(one - other)).Max();
    }
}
