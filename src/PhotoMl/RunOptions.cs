using PhotoMl.Data;

namespace PhotoMl;

/// <summary>What is asked of every training run.</summary>
public abstract record RunOptions
{
    /// <summary>How many of the training images are used, at least 1, drawn at random by the seed. Default null: all.</summary>
    public int? Limit { get; init => field = Checked.InRange(value, 1, int.MaxValue, nameof(Limit)); }

    /// <summary>The threads of libtorch, which hold for the whole process. Default null: as they are.</summary>
    public int? Threads { get; init => field = Checked.InRange(value, 1, 4096, nameof(Threads)); }

    /// <summary>How the data set is found and read, and the size that images are brought to.</summary>
    public DatasetLoadOptions Loading { get; init; } = new();

    /// <summary>Is given lines for the user, such as photos that were left out. Default nobody.</summary>
    public IProgress<StatusMessage>? Messages { get; init; }
}
