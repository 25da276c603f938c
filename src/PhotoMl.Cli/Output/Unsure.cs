namespace PhotoMl.Cli.Output;

/// <summary>What photos are called that a model is unsure of.</summary>
internal static class Unsure
{
    /// <summary>The name where no class has it.</summary>
    public const string Name = "unsure";

    /// <summary>A name that no class has, nor differs from only in the case of its letters, as file systems may not tell them apart.</summary>
    public static string Beside(IReadOnlyCollection<string> classes) =>
        Enumerable.Range(2, classes.Count + 1).Select(number => $"{Name}-{number}").Prepend(Name).First(name => !classes.Contains(name, StringComparer.OrdinalIgnoreCase));
}
