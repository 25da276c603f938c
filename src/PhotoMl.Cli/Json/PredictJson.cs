using PhotoMl.Evaluation;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>predict --json</c> prints of an image.</summary>
internal class PredictionJson(ImagePrediction prediction, int top)
{
    private protected ImagePrediction Prediction => prediction;

    public string Path => prediction.Path;
    public string Label => prediction.Ranking[0].Label;
    public double Probability => prediction.Ranking[0].Probability;
    public IEnumerable<ClassProbability> Top => prediction.Ranking.Take(top);
}

/// <summary>What it prints with <c>--coverage</c>.</summary>
internal sealed class PredictionSetJson(ImagePrediction prediction, int top, double coverage) : PredictionJson(prediction, top)
{
    public IReadOnlyList<string> Set => Prediction.Set!;
    public bool Unsure => Prediction.IsUnsure;
    public double Coverage => coverage;
}
