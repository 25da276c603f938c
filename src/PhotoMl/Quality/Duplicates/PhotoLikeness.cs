namespace PhotoMl.Quality;

/// <summary>What photos have in common that must not be judged apart.</summary>
public enum PhotoLikeness
{
    /// <summary>The files are equal byte by byte.</summary>
    ExactCopy,

    /// <summary>They look alike: the same photo in another size, compression or brightness, or two shots of one moment.</summary>
    NearDuplicate,

    /// <summary>The same camera took them within seconds.</summary>
    Burst,
}
