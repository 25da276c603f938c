namespace PhotoMl.Evaluation;

/// <summary>A figure about generated images, how sure it is, and what real images would score.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">The lower end of its 95 % bootstrap interval.</param>
/// <param name="High">The upper end of its 95 % bootstrap interval.</param>
/// <param name="Floor">The same figure with as many training images in the place of the generated ones: what a perfect generator would score.</param>
/// <remarks>
/// The interval tells how far the figure would move with other images drawn from the same generator and the same data. For precision,
/// recall, density and coverage the balls around the images stay as they are and only what was found of each image is drawn anew,
/// so their intervals are somewhat too narrow. Intervals are percentiles (2.5 and 97.5 %) of resamples, moved so that the
/// resamples' mean is the value: the Fréchet distance of two resamples is larger, and the entropy of one smaller, than that of what they are drawn from.
/// </remarks>
public readonly record struct ScoredFigure(double Value, double Low, double High, double Floor);
