using System.Text.Json;
using PhotoMl.IO;
using PhotoMl.Runtime;

namespace PhotoMl.Cli.Commands;

/// <summary>What a run was started with; <c>options.json</c> of its folder.</summary>
internal abstract record RunSettings
{
    /// <summary>The command that made the run.</summary>
    public string Command { get; init; } = "";

    /// <summary>The id of the known set, or the full path of the folder; never <c>auto</c>.</summary>
    public required string Data { get; init => field = value.Length > 0 ? value : throw new ArgumentException("Expected data but got none."); }

    /// <summary>How many of the training images are used; null for all.</summary>
    public int? Limit { get; init => field = value is null or > 0 ? value : throw new ArgumentException($"Expected a limit above 0 but got {value}."); }

    /// <summary>The number format that was chosen.</summary>
    public required Precision Precision { get; init; }

    /// <summary>The threads of the network.</summary>
    public required int Threads { get; init; }

    /// <summary>Where the network runs.</summary>
    public required string Device { get; init; }

    /// <summary>Reads the settings of a run that is to go on.</summary>
    /// <param name="path">The file.</param>
    /// <param name="command">The command that must have made the run.</param>
    /// <exception cref="InputException">The file is missing, damaged or of another command.</exception>
    protected static T Read<T>(string path, string command)
        where T : RunSettings
    {
        var expected = $"what {Cli.Name} {command} wrote there";
        try
        {
            using var reader = new StreamReader(RegularFile.Open(path));
            var text = reader.ReadToEnd();
            using var document = JsonDocument.Parse(text);
            var found = document.RootElement.TryGetProperty("command", out var name) ? name.ToString() : "nothing";
            return found == command
                ? JsonSerializer.Deserialize<T>(text, PhotoMlJson.Line)!
                : throw new InputException(path, expected, $"the options of {found}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, expected, File.Exists(path) ? "a file that cannot be read" : "no such file");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new InputException(path, expected, exception.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
    }
}
