namespace PhotoMl.Quality;

/// <summary>Photos that belong on one side of every split.</summary>
/// <param name="Likeness">What they have in common.</param>
/// <param name="Photos">Their indices, ascending, at least two.</param>
public sealed record PhotoGroup(PhotoLikeness Likeness, IReadOnlyList<int> Photos);
