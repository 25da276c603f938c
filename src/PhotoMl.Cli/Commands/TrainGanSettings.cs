using PhotoMl.Models;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What a generator's run was started with.</summary>
internal sealed record TrainGanSettings : RunSettings
{
    /// <summary>The sizes of the networks.</summary>
    public required DcganOptions Network { get; init; }

    /// <summary>The full path of the classifier that looks at the pictures; null where there is none.</summary>
    public string? Classifier { get; init; }

    /// <summary>How the networks are trained.</summary>
    public required GanTrainingOptions Training { get; init; }

    /// <inheritdoc cref="RunSettings.Read{T}"/>
    public static TrainGanSettings Read(string path) => Read<TrainGanSettings>(path, TrainGanCommand.CommandName);
}
