using System.Text.Json;
using PhotoMl.Data;
using PhotoMl.Imaging;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl;

/// <summary>What a run was started with: <c>options.json</c> of its folder.</summary>
internal abstract record RunSettings
{
    public string Command { get; init; } = "";

    /// <summary>The id of the known set, or the full path of the folder; never <c>auto</c>.</summary>
    public required string Data
    {
        get;
        init => field = value.Length > 0 ? value : throw new ArgumentException("Expected data but got none.");
    }

    /// <summary>How many of the training images are used; null for all.</summary>
    public int? Limit { get; init => field = Checked.InRange(value, 1, int.MaxValue, nameof(Limit)); }

    /// <summary>The height and width that images were brought to when they were loaded; null where they are as stored.</summary>
    public int? ImageSize { get; init => field = new DatasetLoadOptions { ImageSize = value }.ImageSize; }

    /// <summary>The channels that images were brought to when they were loaded; null where a run of before did not say.</summary>
    public int? Channels { get; init => field = new DatasetLoadOptions { Channels = value }.Channels; }

    /// <summary>Whether rows and columns of the images were exchanged when they were loaded.</summary>
    public bool Transpose { get; init; }

    public ImagePreprocessing? PhotoPreprocessing { get; init; }
    public required Precision Precision { get; init; }
    public required int Threads { get; init; }
    public string Device { get; init; } = "cpu";

    public DatasetLoadOptions Loading(DatasetLoadOptions options) =>
        options with
        {
            ImageSize = ImageSize ?? options.ImageSize,
            Channels = Channels ?? options.Channels,
            Transpose = Transpose,
            PhotoPreprocessing = PhotoPreprocessing ?? options.PhotoPreprocessing,
        };

    public static T Read<T>(RunFolder run, string command)
        where T : class
    {
        var expected = $"the options of a run of {command}";
        return RunFolder.ReadText(run.OptionsPath, expected, text =>
        {
            using var document = JsonDocument.Parse(text);
            var found = document.RootElement.TryGetProperty("command", out var name) ? name.ToString() : "nothing";
            return found == command
                ? JsonSerializer.Deserialize<T>(text, PhotoMlJson.Line)!
                : throw new InvalidModelException(run.OptionsPath, expected, $"the options of {found}");
        });
    }
}

/// <summary>What a classifier's run was started with.</summary>
internal sealed record ClassifierRunSettings : RunSettings
{
    public ClassifierArchitecture Network { get; init; }

    /// <summary>The file whose weights it started with; null where they were random.</summary>
    public string? Weights { get; init; }

    /// <summary>The full path of the folder of unlabeled photos; null where there is none.</summary>
    public string? Unlabeled { get; init; }

    /// <summary>How many labels of each class were used; null for all.</summary>
    public int? LabelsPerClass { get; init => field = new ClassifierRunOptions { LabelsPerClass = value }.LabelsPerClass; }

    public required ClassifierTrainingOptions Training { get; init; }

    /// <summary>How validation photos were chosen; null where the data says which, or is none of photos.</summary>
    public ValidationSplit? Split { get; init; }
}

/// <summary>What a tuning was started with.</summary>
internal sealed record ClassifierTuningSettings
{
    public string Command { get; init; } = ClassifierTuning.Command;

    /// <summary>The run of the default recipe.</summary>
    public required ClassifierRunSettings Run { get; init; }

    /// <summary>The seconds that it may take.</summary>
    public required double Budget { get; init => field = Checked.InRange(value, 1, ClassifierTuning.LongestBudget, nameof(Budget)); }

    /// <summary>The seconds that loading and checking the images took.</summary>
    public required double Preparation
    {
        get;
        init => field = Checked.InRange(value, 0, ClassifierTuning.LongestBudget, nameof(Preparation));
    }

    /// <summary>The recipe of each network that is tried.</summary>
    public required IReadOnlyDictionary<ClassifierArchitecture, ClassifierTrainingOptions> Bases { get; init; }

    /// <summary>The names of what is tuned.</summary>
    public required IReadOnlyList<string> Tuned { get; init; }

    /// <summary>What tells the images from any others.</summary>
    public required IReadOnlyList<string?> Fingerprints { get; init; }
}

/// <summary>What a generator's run was started with.</summary>
internal sealed record GeneratorRunSettings : RunSettings
{
    public required DcganOptions Network { get; init; }

    /// <summary>The full path of the classifier that looks for missing classes; null where there is none.</summary>
    public string? Classifier { get; init; }

    public required GanTrainingOptions Training { get; init; }
}
