using System.Text.Json;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli.Commands;

/// <summary>What a run was started with; <c>options.json</c> of its folder.</summary>
internal sealed record TrainCnnSettings
{
    /// <summary>The command that made the run.</summary>
    public string Command { get; init; } = TrainCnnCommand.CommandName;

    /// <summary>The id of the known set, or the full path of the folder; never <c>auto</c>.</summary>
    public required string Data { get; init => field = value.Length > 0 ? value : throw new ArgumentException("Expected data but got none."); }

    /// <summary>How many of the training images are used; null for all.</summary>
    public int? Limit { get; init => field = value is null or > 0 ? value : throw new ArgumentException($"Expected a limit above 0 but got {value}."); }

    /// <summary>How the classifier is trained.</summary>
    public required ClassifierTrainingOptions Training { get; init; }

    /// <summary>The number format that was chosen.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The threads of the network.</summary>
    public required int Threads { get; init; }

    /// <summary>Where the network runs.</summary>
    public required string Device { get; init; }

    /// <summary>Reads the settings of a run that is to go on.</summary>
    /// <exception cref="InputException">The file is missing, damaged or of another command.</exception>
    public static TrainCnnSettings Read(string path)
    {
        const string Expected = $"what {Cli.Name} {TrainCnnCommand.CommandName} wrote there";
        try
        {
            var settings = JsonSerializer.Deserialize<TrainCnnSettings>(File.ReadAllText(path), PhotoMlJson.Line);
            return settings?.Command == TrainCnnCommand.CommandName
                ? settings
                : throw new InputException(path, Expected, $"the options of {settings?.Command ?? "nothing"}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, Expected, File.Exists(path) ? "a file that cannot be read" : "no such file");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            throw new InputException(path, Expected, exception.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
    }
}
