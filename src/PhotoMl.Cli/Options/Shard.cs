using System.Globalization;

namespace PhotoMl.Cli.Options;

/// <summary>One of several equal parts of a piece of work that machines share.</summary>
/// <param name="Index">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>The most parts.</summary>
    public const int Most = 100_000;

    // Stands for the part that the scheduler gave this process, which Find puts in its place.
    private static readonly Shard Auto = new(0, 0);

    /// <summary>Reads a text, I/N or auto.</summary>
    public static Shard Parse(string text) =>
        text == "auto" ? Auto
        : text.Split('/') is [var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= Most && index >= 1 && index <= count
            ? new Shard(index, count)
            : throw new FormatException($"expected I/N, such as 2/8, or auto, but got '{text}'");

    /// <summary>Finds the part that the options <c>--shard</c> and <c>--shards</c> ask for.</summary>
    /// <param name="shard">What was read of the first; null for the whole.</param>
    /// <param name="count">How many parts there are, where the scheduler does not say.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <exception cref="UsageException">The scheduler's variables are missing or do not fit.</exception>
    public static Shard Find(Shard? shard, int? count, Func<string, string?> variable)
    {
        if (shard != Auto)
        {
            return count is null ? shard ?? new Shard(1, 1) : throw new UsageException("--shards is for --shard auto.");
        }

        if (Number(variable, "SLURM_ARRAY_TASK_ID") is { } task)
        {
            var first = Number(variable, "SLURM_ARRAY_TASK_MIN") ?? 0;
            return Within(task - first, Number(variable, "SLURM_ARRAY_TASK_COUNT") ?? count, "SLURM_ARRAY_TASK_COUNT");
        }

        return Number(variable, "JOB_COMPLETION_INDEX") is { } completion
            ? Within(completion, count, "--shards N")
            : throw new UsageException(
                "--shard auto: expected SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX in the environment, but found neither.");
    }

    /// <summary>The part's items among all; the parts in turn give the whole.</summary>
    public ReadOnlySpan<T> Of<T>(T[] all) =>
        all.AsSpan()[(int)((long)all.Length * (Index - 1) / Count)..(int)((long)all.Length * Index / Count)];

    private static Shard Within(int index, int? count, string source) => count switch
    {
        null => throw new UsageException($"--shard auto: expected {source}, which says how many parts there are, but found none."),
        < 1 or > Most => throw new UsageException($"--shard auto: expected 1 to {Most} parts, but got {count}."),
        { } parts when index < 0 || index >= parts =>
            throw new UsageException($"--shard auto: expected task numbers without gaps, but this is number {index + 1L} of {parts}."),
        { } parts => new Shard(index + 1, parts),
    };

    private static int? Number(Func<string, string?> variable, string name) =>
        variable(name) is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UsageException($"{name}: expected a whole number, but got '{text}'.");
}
