namespace PhotoMl.Quality;

/// <summary>A photo that is worth a look; whether anything is wrong with it only a person can say.</summary>
/// <param name="Photo">Its index.</param>
/// <param name="Fault">What about it stands out.</param>
/// <param name="Detail">The figures or the reason, in a few words.</param>
public sealed record PhotoSuspicion(int Photo, PhotoFault Fault, string Detail);
