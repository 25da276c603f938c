namespace PhotoMl.Cli.Tests;

/// <summary>What a run of the tool gave.</summary>
internal sealed record ToolResult(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(OutLines[^1]).RootElement;
    public string[] OutLines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public ToolResult AssertSuccess()
    {
        Assert.True(ExitCode == 0, Error + Out);
        return this;
    }
}

/// <summary>The fields of a JSON document.</summary>
internal static class JsonFields
{
    public static double Number(this JsonElement document, string name) => document.GetProperty(name).GetDouble();
    public static string Text(this JsonElement document, string name) => document.GetProperty(name).GetString()!;
    public static int Int(this JsonElement document, string name) => document.GetProperty(name).GetInt32();
    public static long Long(this JsonElement document, string name) => document.GetProperty(name).GetInt64();
    public static bool Flag(this JsonElement document, string name) => document.GetProperty(name).GetBoolean();
}
