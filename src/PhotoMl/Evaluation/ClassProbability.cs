namespace PhotoMl.Evaluation;

/// <summary>How probable a class is.</summary>
/// <param name="Label">The name of the class.</param>
/// <param name="Probability">The softmax of its logit at the classifier's temperature, in [0, 1].</param>
public sealed record ClassProbability(string Label, double Probability);
