namespace PhotoMl.IO;

/// <summary>Keeps what is written apart from what is read.</summary>
public static class OutputGuard
{
    /// <summary>Finds the input that would be harmed by an output.</summary>
    /// <param name="output">The file or folder to be written; neither it nor its folder need exist.</param>
    /// <param name="inputs">The files and folders that are read.</param>
    /// <returns>The first input that the output is, or lies within, with symbolic links resolved; null where there is none.</returns>
    public static string? FindInput(string output, IEnumerable<string> inputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        ArgumentNullException.ThrowIfNull(inputs);
        var real = RealPath.Of(output);
        return inputs.Distinct().FirstOrDefault(input => RealPath.IsWithin(real, RealPath.Of(input)));
    }
}
