namespace PhotoMl.Cli.Options;

/// <summary>How training images are varied.</summary>
internal enum AugmentationKind
{
    /// <summary>As photos where they are in colour and large enough to be some, else as drawings.</summary>
    Auto,

    /// <summary>As drawings or digits: shifted, turned, scaled and sheared.</summary>
    Affine,

    /// <summary>As photos: cropped, mirrored, turned, recoloured and erased in part.</summary>
    Photo,

    /// <summary>Not at all.</summary>
    None,
}
