namespace PhotoMl.Quality;

/// <summary>Two photos that are the same, or nearly.</summary>
/// <param name="First">The index of the one that is held out, or has the lower index.</param>
/// <param name="Second">The index of the other.</param>
/// <param name="Kind">What they have in common.</param>
/// <param name="Bits">In how many of the 128 bits of <see cref="PhotoInfo.Hash"/> they differ.</param>
public sealed record DuplicatePair(int First, int Second, DuplicateKind Kind, int Bits);

/// <summary>What photos have in common that belong on one side of every split.</summary>
public enum DuplicateKind
{
    /// <summary>The files are equal byte by byte.</summary>
    ExactCopy,

    /// <summary>They look alike: the same photo in another size, compression or brightness, or two shots of one moment.</summary>
    NearDuplicate,

    /// <summary>The same camera took them within three seconds.</summary>
    Burst,
}
