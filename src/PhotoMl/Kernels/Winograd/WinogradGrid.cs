namespace PhotoMl.Kernels;

/// <summary>Images and the tiles they are cut into.</summary>
/// <param name="Height">The height of an image.</param>
/// <param name="Width">The width of an image.</param>
/// <param name="Channels">The channels of an image.</param>
/// <param name="Tile">The pixels of a result along each axis of a tile.</param>
internal readonly record struct WinogradGrid(int Height, int Width, int Channels, int Tile)
{
    /// <summary>The rows of tiles of an image.</summary>
    public int Rows => (Height + Tile - 1) / Tile;

    /// <summary>The tiles of a row.</summary>
    public int Columns => (Width + Tile - 1) / Tile;

    /// <summary>The tiles of an image.</summary>
    public int Tiles => Rows * Columns;

    /// <summary>The products of each channel that a tile takes.</summary>
    public int Planes => (Tile + 2) * (Tile + 2);
}
