namespace PhotoMl.Evaluation;

/// <summary>The share of images that were predicted as a class.</summary>
/// <param name="Name">The class.</param>
/// <param name="Share">The share, in [0, 1].</param>
public sealed record ClassShare(string Name, double Share);
