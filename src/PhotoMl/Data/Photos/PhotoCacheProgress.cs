namespace PhotoMl.Data;

/// <summary>How far the reading of photos is.</summary>
/// <param name="Done">The photos that are in the cache, or were found unreadable.</param>
/// <param name="Total">All photos.</param>
/// <param name="Unreadable">Those that cannot be read.</param>
/// <param name="IsWaiting">Whether another process reads the same photos at the moment, and is waited for.</param>
public sealed record PhotoCacheProgress(int Done, int Total, int Unreadable, bool IsWaiting = false);
