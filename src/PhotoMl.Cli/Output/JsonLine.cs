using System.Text.Json;
using PhotoMl.IO;

namespace PhotoMl.Cli.Output;

/// <summary>Results for programs.</summary>
internal static class JsonLine
{
    /// <summary>Writes a result as one line of JSON.</summary>
    public static void Write(TextWriter output, object result) =>
        output.WriteLine(JsonSerializer.Serialize(result, PhotoMlJson.Line));
}
