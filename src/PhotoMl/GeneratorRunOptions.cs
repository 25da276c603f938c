using PhotoMl.Data;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>What a generator is trained on and how; see <see cref="GeneratorRun"/>.</summary>
public sealed record GeneratorRunOptions : ITaskOptions
{
    /// <summary>How the networks are trained.</summary>
    public GanTrainingOptions Training { get; init; } = new();

    /// <summary>Whether both networks are given the class of an image, where there are several: images of a class can then be sampled,
    /// and all are better. Default true.</summary>
    /// <remarks>M. Mirza, S. Osindero, "Conditional Generative Adversarial Nets", 2014.</remarks>
    public bool Conditional { get; init; } = true;

    /// <summary>The height and width of the images, 28 to 64. Default null: the data's.</summary>
    public int? ImageSize
    {
        get;
        init => field = value is null
            ? null
            : Checked.InRange(value.Value, DcganOptions.SmallestImage, DcganOptions.LargestImage, nameof(ImageSize));
    }

    /// <summary>1 for gray, 3 for color. Default null: the data's.</summary>
    public int? Channels { get; init; }

    /// <summary>How many latents an image is made from. Default 100.</summary>
    public int Latent { get; init => field = Checked.InRange(value, 1, 1024, nameof(Latent)); } = new DcganOptions().Latent;

    /// <summary>A classifier of the same data, a file or run folder, that looks for missing classes. Default null: none.</summary>
    public string? Classifier { get; init; }

    /// <summary>How many of the training images are used, at least 1, drawn at random by the seed. Default null: all.</summary>
    public int? Limit { get; init => field = value is null ? null : Checked.InRange(value.Value, 1, int.MaxValue, nameof(Limit)); }

    /// <summary>The threads of libtorch, which hold for the whole process. Default null: as they are.</summary>
    public int? Threads { get; init => field = value is null ? null : Checked.InRange(value.Value, 1, 4096, nameof(Threads)); }

    /// <summary>How the data set is found and read.</summary>
    public DatasetLoadOptions Loading { get; init; } = new();

    /// <summary>Is given lines for the user. Default nobody.</summary>
    public IProgress<StatusMessage>? Messages { get; init; }
}
