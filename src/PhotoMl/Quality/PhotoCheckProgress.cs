namespace PhotoMl.Quality;

/// <summary>How far a check of photos is.</summary>
/// <param name="Done">The photos examined so far.</param>
/// <param name="Total">All photos.</param>
/// <param name="Unreadable">How many of those examined cannot be read.</param>
public sealed record PhotoCheckProgress(int Done, int Total, int Unreadable);
