using PhotoMl.Kernels;
using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What a classifier's run was started with.</summary>
internal sealed record TrainCnnSettings : RunSettings
{
    /// <summary>Which network is trained.</summary>
    public ClassifierArchitecture Network { get; init; }

    /// <summary>The file whose weights it began with; null where they were random.</summary>
    public string? Weights { get; init; }

    /// <summary>How the classifier is trained.</summary>
    public required ClassifierTrainingOptions Training { get; init; }

    /// <summary>How photos were set aside to choose the best epoch by; null where the data says which, or is none of photos.</summary>
    public SplitKind? Split { get; init; }

    /// <summary>The height and width images were brought to; null where they are as stored.</summary>
    public int? ImageSize { get; init => field = value is null or (>= 1 and <= 4096) ? value : throw new ArgumentException($"Expected a size of 1 to 4096 but got {value}."); }

    /// <inheritdoc cref="RunSettings.Read{T}"/>
    public static TrainCnnSettings Read(string path) => Read<TrainCnnSettings>(path, TrainCnnCommand.CommandName);
}
