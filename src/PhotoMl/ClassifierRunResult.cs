using PhotoMl.Evaluation;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>What a run of a classifier ended with.</summary>
public sealed record ClassifierRunResult
{
    /// <summary>The training and its validation figures.</summary>
    public required ClassifierTrainingResult Training { get; init; }

    /// <summary>The evaluation on the test images, which were neither trained on nor chosen by; null where there are none.</summary>
    public required CalibratedReport? Test { get; init; }
}
