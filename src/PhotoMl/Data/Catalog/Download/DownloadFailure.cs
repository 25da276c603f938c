namespace PhotoMl.Data;

/// <summary>Why one address did not give a file.</summary>
/// <param name="Address">The address.</param>
/// <param name="Reason">What went wrong, in a few words.</param>
public sealed record DownloadFailure(Uri Address, string Reason);
