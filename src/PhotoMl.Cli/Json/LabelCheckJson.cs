using PhotoMl.Quality;

namespace PhotoMl.Cli.Json;

/// <summary>What <c>data check --labels --json</c> adds: the doubtful labels, the most doubtful first, of which the first are
/// flagged.</summary>
internal sealed class LabelCheckJson(LabelCheckReport report)
{
    public int Images => report.Images;
    public double EstimatedWrong => report.EstimatedWrong;
    public double EstimatedLow => report.EstimatedLow;
    public double EstimatedHigh => report.EstimatedHigh;
    public int Flagged => report.Flagged;
    public IEnumerable<object> Confusions =>
        report.Confusions.Select(pair => new { Label = pair.Given, pair.Suggested, Images = pair.Count });
    public IEnumerable<DoubtfulLabel> Doubtful => report.Doubtful;
}
