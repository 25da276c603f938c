using PhotoMl.Evaluation;
using PhotoMl.Explanation;

namespace PhotoMl.Cli.Output;

/// <summary>Explanations for programs.</summary>
internal static class ExplanationJson
{
    /// <summary>Writes one line an image.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="results">The images.</param>
    /// <param name="output">The picture of them all.</param>
    public static void Write(TextWriter writer, IReadOnlyList<(string Path, ImageExplanation? Explanation, string? Problem)> results, string output)
    {
        foreach (var result in results)
        {
            JsonLine.Write(writer, result.Explanation is { } explanation ? Of(explanation, output) : new { result.Path, Error = result.Problem });
        }
    }

    private static object Of(ImageExplanation explanation, string output)
    {
        var faithfulness = explanation.Faithfulness;
        return new
        {
            explanation.Path,
            Label = explanation.Predicted,
            Probability = explanation.Probabilities[explanation.PredictedLabel],
            explanation.Method,
            explanation.Layer,
            explanation.Class,
            ClassProbability = explanation.Probabilities[explanation.Label],
            faithfulness?.Deletion,
            faithfulness?.RandomDeletion,
            faithfulness?.RandomDeletionDeviation,
            DeletionBetterThanRandom = faithfulness?.IsDeletionBetter,
            faithfulness?.Insertion,
            faithfulness?.RandomInsertion,
            faithfulness?.RandomInsertionDeviation,
            InsertionBetterThanRandom = faithfulness?.IsInsertionBetter,
            explanation.Completeness?.AttributionSum,
            explanation.Completeness?.LogitDifference,
            CompletenessGap = explanation.Completeness?.Gap,
            Output = output,
        };
    }
}
