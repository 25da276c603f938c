using PhotoMl.Explanation;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>explain --json</c> prints of an image; null is what was not measured.</summary>
internal sealed class ExplanationJson(ImageExplanation explanation, string output)
{
    private readonly Faithfulness? _faithfulness = explanation.Faithfulness;

    public string? Path => explanation.Path;
    public string Label => explanation.Predicted;
    public double Probability => explanation.Probabilities[explanation.PredictedLabel];
    public string Method => Values.Word(explanation.Method);
    public string? Layer => explanation.Layer;
    public string Class => explanation.Class;
    public double ClassProbability => explanation.Probabilities[explanation.Label];
    public double? Deletion => _faithfulness?.Deletion;
    public double? RandomDeletion => _faithfulness?.RandomDeletion;
    public double? RandomDeletionDeviation => _faithfulness?.RandomDeletionDeviation;
    public bool? DeletionBetterThanRandom => _faithfulness?.IsDeletionBetter;
    public double? Insertion => _faithfulness?.Insertion;
    public double? RandomInsertion => _faithfulness?.RandomInsertion;
    public double? RandomInsertionDeviation => _faithfulness?.RandomInsertionDeviation;
    public bool? InsertionBetterThanRandom => _faithfulness?.IsInsertionBetter;
    public double? AttributionSum => explanation.Completeness?.AttributionSum;
    public double? LogitDifference => explanation.Completeness?.LogitDifference;
    public double? CompletenessGap => explanation.Completeness?.Gap;
    public string Output => output;
}
