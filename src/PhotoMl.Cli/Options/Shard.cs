using System.Globalization;

namespace PhotoMl.Cli.Options;

/// <summary>One of several equal parts of a piece of work that machines share.</summary>
/// <param name="Index">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>The word for the part that the scheduler gave this process.</summary>
    public const string Auto = "auto";

    /// <summary>The most parts.</summary>
    public const int Most = 100_000;

    /// <summary>The whole.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Checks the text of an option.</summary>
    public static string Check(string text) => text == Auto ? text
        : Parse(text) is not null ? text
        : throw new FormatException($"expected I/N, such as 2/8, or {Auto}, but got '{text}'");

    /// <summary>Reads the options <c>--shard</c> and <c>--shards</c>.</summary>
    /// <param name="shard">I/N or auto; null for the whole.</param>
    /// <param name="count">How many parts there are, where the scheduler does not say.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <exception cref="UsageException">The scheduler's variables are missing or do not fit.</exception>
    public static Shard Read(string? shard, int? count, Func<string, string?> variable)
    {
        if (shard != Auto)
        {
            return count is not null
                ? throw new UsageException($"--shards is for --shard {Auto}.")
                : shard is null ? Whole : Parse(shard)!;
        }

        if (Number(variable, "SLURM_ARRAY_TASK_ID") is { } task)
        {
            var first = Number(variable, "SLURM_ARRAY_TASK_MIN") ?? 0;
            return Within(task - first, Number(variable, "SLURM_ARRAY_TASK_COUNT") ?? count, "SLURM_ARRAY_TASK_COUNT");
        }

        return Number(variable, "JOB_COMPLETION_INDEX") is { } completion
            ? Within(completion, count, "--shards N")
            : throw new UsageException(
                $"--shard {Auto}: expected SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX in the environment, but found neither.");
    }

    /// <summary>The part's items among all; the parts in turn give the whole.</summary>
    public ReadOnlySpan<T> Of<T>(T[] all) =>
        all.AsSpan()[(int)((long)all.Length * (Index - 1) / Count)..(int)((long)all.Length * Index / Count)];

    private static Shard Within(int index, int? count, string source) => count switch
    {
        null => throw new UsageException($"--shard {Auto}: expected {source}, which says how many parts there are, but found none."),
        < 1 or > Most => throw new UsageException($"--shard {Auto}: expected 1 to {Most} parts, but got {count}."),
        { } parts when index < 0 || index >= parts =>
            throw new UsageException($"--shard {Auto}: expected task numbers without gaps, but this is number {index + 1L} of {parts}."),
        { } parts => new Shard(index + 1, parts),
    };

    private static int? Number(Func<string, string?> variable, string name) =>
        variable(name) is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UsageException($"{name}: expected a whole number, but got '{text}'.");

    private static Shard? Parse(string text) =>
        text.Split('/') is [var first, var second]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && count <= Most && index >= 1 && index <= count
            ? new Shard(index, count)
            : null;
}
