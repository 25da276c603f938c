using System.Globalization;

namespace PhotoMl.Benchmarks;

/// <summary>What is measured.</summary>
/// <param name="Command">The comparison.</param>
/// <param name="Threads">torch's threads.</param>
/// <param name="Rounds">How often every side has its turn.</param>
/// <param name="Json">Whether the figures are printed as JSON too.</param>
internal sealed record BenchmarkOptions(BenchmarkCommand Command, int Threads, int Rounds, bool Json)
{
    public static BenchmarkOptions? Parse(string[] args)
    {
        if (args is not [var name, .. var rest] || BenchmarkCommand.All.FirstOrDefault(command => command.Name == name) is not { } command)
        {
            return null;
        }

        var options = new BenchmarkOptions(command, Threads: 2, Rounds: 31, Json: false);
        for (var i = 0; i < rest.Length; i++)
        {
            switch (rest[i])
            {
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--threads" when i + 1 < rest.Length && ToNumber(rest[i + 1]) is { } threads:
                    options = options with { Threads = threads };
                    i++;
                    break;
                case "--rounds" when i + 1 < rest.Length && ToNumber(rest[i + 1]) is { } rounds:
                    options = options with { Rounds = rounds };
                    i++;
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    private static int? ToNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000 ? number : null;
}
