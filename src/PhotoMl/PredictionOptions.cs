using PhotoMl.Imaging;

namespace PhotoMl;

/// <summary>How images are predicted; see <see cref="Classifier"/>.</summary>
public sealed record PredictionOptions
{
    /// <summary>What is known of light and dark in the images. Default: nothing, each image is looked at.</summary>
    public ForegroundChoice Foreground { get; init; } = ForegroundChoice.Auto;

    /// <summary>How often the true class is to be in an image's set of possible classes, between 0 and 1. Default null: no sets.</summary>
    public double? Coverage { get; init => field = Checked.Share(value, nameof(Coverage)); }

    /// <summary>Images per batch. Default 64.</summary>
    public int BatchSize { get; init => field = Checked.InRange(value, 1, 65_536, nameof(BatchSize)); } = 64;
}
