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

    /// <inheritdoc cref="RunSettings.Read{T}"/>
    public static TrainCnnSettings Read(string path) => Read<TrainCnnSettings>(path, TrainCnnCommand.CommandName);
}
