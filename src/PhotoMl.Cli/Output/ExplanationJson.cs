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
    public static void Write(TextWriter writer, IReadOnlyList<ExplanationResult> results, string output)
    {
        foreach (var result in results)
        {
            JsonLine.Write(writer, result.Photo is { } photo ? Of(photo, output) : new { result.Path, Error = result.Problem });
        }
    }

    private static object Of(ExplainedPhoto photo, string output)
    {
        var explanation = photo.Explanation;
        var (deletion, insertion) = (explanation.Faithfulness?.Deletion, explanation.Faithfulness?.Insertion);
        return new
        {
            photo.Path,
            Label = photo.Predicted,
            Probability = explanation.Probabilities[explanation.Predicted],
            explanation.Method,
            explanation.Layer,
            photo.Class,
            ClassProbability = explanation.Probabilities[explanation.Class],
            Deletion = deletion?.Value,
            RandomDeletion = deletion?.Random,
            RandomDeletionDeviation = deletion?.RandomDeviation,
            DeletionBetterThanRandom = explanation.Faithfulness?.IsDeletionBetter,
            Insertion = insertion?.Value,
            RandomInsertion = insertion?.Random,
            RandomInsertionDeviation = insertion?.RandomDeviation,
            InsertionBetterThanRandom = explanation.Faithfulness?.IsInsertionBetter,
            explanation.Completeness?.AttributionSum,
            explanation.Completeness?.LogitDifference,
            CompletenessGap = explanation.Completeness?.Gap,
            Output = output,
        };
    }
}
