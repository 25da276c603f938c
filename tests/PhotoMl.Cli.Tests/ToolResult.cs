using System.Text.Json;

namespace PhotoMl.Cli.Tests;

/// <summary>What a run of the tool gave.</summary>
internal sealed record ToolResult(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(OutLines[^1]).RootElement;

    public string[] OutLines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
