using PhotoMl.Cli.Options;
using PhotoMl.Explanation;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>explain --json</c> prints of an image; null is what was not measured.</summary>
internal sealed class ExplanationJson(ExplainedPhoto photo, string output)
{
    private readonly ImageExplanation _explanation = photo.Explanation;

    public string Path => photo.Path;
    public string Label => photo.Predicted;
    public double Probability => _explanation.Probabilities[_explanation.Predicted];
    public string Method => Values.Word(_explanation.Method);
    public string? Layer => _explanation.Layer;
    public string Class => photo.Class;
    public double ClassProbability => _explanation.Probabilities[_explanation.Class];
    public double? Deletion => _explanation.Faithfulness?.Deletion.Value;
    public double? RandomDeletion => _explanation.Faithfulness?.Deletion.Random;
    public double? RandomDeletionDeviation => _explanation.Faithfulness?.Deletion.RandomDeviation;
    public bool? DeletionBetterThanRandom => _explanation.Faithfulness?.IsDeletionBetter;
    public double? Insertion => _explanation.Faithfulness?.Insertion.Value;
    public double? RandomInsertion => _explanation.Faithfulness?.Insertion.Random;
    public double? RandomInsertionDeviation => _explanation.Faithfulness?.Insertion.RandomDeviation;
    public bool? InsertionBetterThanRandom => _explanation.Faithfulness?.IsInsertionBetter;
    public double? AttributionSum => _explanation.Completeness?.AttributionSum;
    public double? LogitDifference => _explanation.Completeness?.LogitDifference;
    public double? CompletenessGap => _explanation.Completeness?.Gap;
    public string Output => output;
}
