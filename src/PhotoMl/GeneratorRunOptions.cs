using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>What a generator is trained on and how; see <see cref="GeneratorRun"/>.</summary>
public sealed record GeneratorRunOptions : RunOptions
{
    /// <summary>How the networks are trained.</summary>
    public GanTrainingOptions Training { get; init; } = new();

    /// <summary>Whether both networks are given the class of an image, where there are several: images of a class can then be sampled,
    /// and all are better. Default true.</summary>
    /// <remarks>M. Mirza, S. Osindero, "Conditional Generative Adversarial Nets", 2014.</remarks>
    public bool Conditional { get; init; } = true;

    /// <summary>The height and width of the images, 28 to 64. Default null: the data's; 64 for larger photos.</summary>
    public int? ImageSize
    {
        get;
        init => field = Checked.InRange(value, DcganOptions.SmallestImage, DcganOptions.LargestImage, nameof(ImageSize));
    }

    /// <summary>1 for gray, 3 for color. Default null: the data's.</summary>
    public int? Channels { get; init; }

    /// <summary>How many latents an image is made from. Default 100.</summary>
    public int Latent { get; init => field = Checked.InRange(value, 1, 1024, nameof(Latent)); } = new DcganOptions().Latent;

    /// <summary>A classifier of the same data, a file or run folder, that looks for missing classes. Default null: none.</summary>
    public string? Classifier { get; init; }
}
