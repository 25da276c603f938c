namespace PhotoMl.Training;

/// <summary>What was found when pictures of a generator were looked at.</summary>
/// <param name="Variety">
/// How far a picture is from the most similar other one, as a share of the same among as many real images, pixel by pixel; near 1 where the generator makes
/// pictures as different as the real ones, near 0 where it makes the same ones again and again.
/// </param>
/// <param name="ClassEntropy">The entropy of the predicted classes in nats; null without a classifier.</param>
/// <param name="Missing">The classes of which hardly any picture was made; empty without a classifier.</param>
/// <param name="IsCollapsed">Whether the generator has collapsed.</param>
/// <param name="Message">What a person should know, in plain words; null where all is well.</param>
public sealed record GeneratorHealth(double Variety, double? ClassEntropy, IReadOnlyList<string> Missing, bool IsCollapsed, string? Message);
