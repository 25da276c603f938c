using System.Text.Json.Serialization;
using PhotoMl.Data;

namespace PhotoMl.Quality;

/// <summary>What a check found out about one photo.</summary>
public sealed record PhotoInfo
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The name of its class.</summary>
    public required string Class { get; init; }

    /// <summary>What it is for; none where the collection does not say.</summary>
    public required DatasetSplits Split { get; init; }

    /// <summary>Why it cannot be read, in one line without the path; <see langword="null"/> where it can.</summary>
    public string? Problem { get; init; }

    /// <summary>The format of its content: JPEG, PNG, WebP, BMP or GIF; <see langword="null"/> where it is none of them.</summary>
    public string? Format { get; init; }

    /// <summary>Whether the name ends in another format's extension.</summary>
    public bool HasWrongExtension { get; init; }

    /// <summary>The upright picture's width in pixels; 0 where it cannot be read.</summary>
    public int Width { get; init; }

    /// <summary>The upright picture's height in pixels; 0 where it cannot be read.</summary>
    public int Height { get; init; }

    /// <summary>The size of the file.</summary>
    public long Bytes { get; init; }

    /// <summary>The SHA-256 of the file in hexadecimal; empty where it cannot be read.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>A perceptual hash: photos that look alike differ in few bits. <see langword="null"/> where it cannot be read, or shows too
    /// little.</summary>
    /// <remarks>The signs of the lowest frequencies of its cosine transform, after C. Zauner, "Implementation and Benchmarking of
    /// Perceptual Image Hash Functions", 2010.</remarks>
    public UInt128? Hash { get; init; }

    /// <summary>A hash of what is finer than <see cref="Hash"/> has it.</summary>
    [JsonInclude]
    internal UInt128 FineHash { get; init; }

    /// <summary>The mean gray, 0 black to 1 white.</summary>
    public double Brightness { get; init; }

    /// <summary>The standard deviation of the gray, 0 to 0.5.</summary>
    public double Contrast { get; init; }

    /// <summary>The share of pixels darker than 16 of 255.</summary>
    public double BlackShare { get; init; }

    /// <summary>The share of pixels lighter than 239 of 255.</summary>
    public double WhiteShare { get; init; }

    /// <summary>How sharp the sharpest part is: 0 for none at all, hundreds to tens of thousands for a sharp photo.</summary>
    /// <remarks>The gray picture is reduced to at most 256 pixels a side, so that the photo's own size hardly counts, and cut into tiles of
    /// 16 x 16. In each the variance of the Laplacian is taken (J. L. Pech-Pacheco and others, "Diatom autofocusing in brightfield
    /// microscopy: a comparative study", 2000), and the sharpest tenth of the tiles is averaged: a subject in focus before a soft
    /// background is a sharp photo.</remarks>
    public double Sharpness { get; init; }

    /// <summary>When it was taken, by the camera's clock; <see langword="null"/> where the file does not say.</summary>
    public DateTime? Taken { get; init; }

    /// <summary>The camera's make and model; <see langword="null"/> where the file does not say.</summary>
    public string? Camera { get; init; }

    /// <summary>The lens; <see langword="null"/> where the file does not say.</summary>
    public string? Lens { get; init; }

    /// <summary>The program that wrote the file; <see langword="null"/> where it does not say.</summary>
    public string? Software { get; init; }

    /// <summary>How the file says the picture is turned, 1 for upright to 8, as EXIF numbers it.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>The quality of a JPEG file, 1 to 100 on the scale of libjpeg; <see langword="null"/> where it is none.</summary>
    public int? JpegQuality { get; init; }

    /// <summary>The outer frame of the picture, as <see cref="PictureFrame"/> has it, in Base64.</summary>
    [JsonInclude]
    internal string Frame { get; init; } = "";
}
