namespace PhotoMl.Training;

/// <summary>One training of a cross-validation.</summary>
/// <param name="Fold">The fold that is held out, from 1.</param>
/// <param name="Train">The indices of the images to train on, ascending.</param>
/// <param name="HeldOut">The indices of the images to judge by, ascending; no decision of the training may look at them.</param>
/// <param name="RunPath">The folder of this fold's run, <c>fold-1</c> and so on, which need not exist yet; <see langword="null"/> where nothing is written.</param>
public sealed record CrossValidationFold(int Fold, long[] Train, long[] HeldOut, string? RunPath);
