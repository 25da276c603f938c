namespace PhotoMl.Quality;

/// <summary>Two photos that are the same, or nearly.</summary>
/// <param name="First">The index of the one that is judged by, or has the lower index.</param>
/// <param name="Second">The index of the other.</param>
/// <param name="Likeness">Whether the files are equal or only look alike.</param>
/// <param name="Bits">In how many of <see cref="PerceptualHash.Bits"/> bits they differ.</param>
public sealed record PhotoPair(int First, int Second, PhotoLikeness Likeness, int Bits);
