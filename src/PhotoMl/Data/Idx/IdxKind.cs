namespace PhotoMl.Data;

/// <summary>What an IDX file holds: the name for messages, the number of dimensions and so the magic number.</summary>
internal sealed record IdxKind(string Name, int Rank)
{
    public const byte UnsignedByte = 0x08;

    public static readonly IdxKind Images = new("images", 3);

    public static readonly IdxKind Labels = new("labels", 1);

    public uint Magic => ((uint)UnsignedByte << 8) | (uint)Rank;

    public int HeaderBytes => 4 + (4 * Rank);

    public static IdxKind Of(DatasetFileRole role) =>
        role is DatasetFileRole.TrainImages or DatasetFileRole.TestImages ? Images : Labels;
}
