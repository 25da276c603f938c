using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>predict --json</c> prints of an image.</summary>
internal class PredictionJson(ImagePrediction prediction, int top)
{
    private protected ImagePrediction Prediction => prediction;

    public string Path => prediction.Path;
    public string Label => prediction.Ranking[0].Label;
    public double Probability => prediction.Ranking[0].Probability;
    public IEnumerable<ProbabilityJson> Top =>
        prediction.Ranking.Take(top).Select(label => new ProbabilityJson(label.Label, label.Probability));
}

/// <summary>What it prints with <c>--coverage</c>.</summary>
internal sealed class PredictionSetJson(ImagePrediction prediction, int top, double coverage) : PredictionJson(prediction, top)
{
    public IReadOnlyList<string> Set => Prediction.Set!;
    public bool Unsure => Prediction.IsUnsure;
    public double Coverage => coverage;
}

/// <summary>A class with its probability.</summary>
internal sealed record ProbabilityJson(string Label, double Probability);
