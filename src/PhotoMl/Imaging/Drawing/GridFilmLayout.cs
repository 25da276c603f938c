using System.Globalization;

namespace PhotoMl.Imaging;

/// <summary>Where the numbers and images of a <see cref="GridFilm"/> lie.</summary>
internal sealed class GridFilmLayout
{
    public const byte Ground = 248;

    private const byte Ink = 72;
    private const int Margin = 10;
    private const int LabelGap = 10;
    private const int TileGap = 2;
    private const int RowGap = 6;

    private readonly ImageGridLayout _grid;
    private readonly int _tiles;
    private readonly int _tileWidth;
    private readonly int _tileHeight;
    private readonly int _dot;
    private readonly int _labelWidth;
    private readonly int _rowHeight;

    /// <summary>Lays out a film that shows the first tiles of grids, for epochs up to a last one.</summary>
    public GridFilmLayout(ImageGridLayout grid, int tiles, int lastEpoch)
    {
        (_grid, _tiles) = (grid, tiles);
        (_tileWidth, _tileHeight) = (grid.Width * grid.Scale, grid.Height * grid.Scale);
        _dot = Math.Clamp(_tileHeight / 18, 2, 5);
        (_labelWidth, var labelHeight) = DotFont.Measure(Label(lastEpoch), _dot);
        _rowHeight = Math.Max(_tileHeight, labelHeight);
    }

    private int TilesLeft => Margin + _labelWidth + LabelGap;

    private long Width => TilesLeft + ((long)_tiles * (_tileWidth + TileGap)) - TileGap + Margin;

    public int PixelWidth => (int)Width;

    public int PixelHeight(int rows) => (int)Height(rows);

    /// <summary>Refuses a film that would be too large to be read back.</summary>
    public void CheckSize(int rows) => ImageGridLayout.CheckSize(Width, Height(rows));

    /// <summary>Reads the first tiles of a grid: (tiles, height, width, 3); null where it cannot be read or has another size.</summary>
    public byte[]? ReadTiles(string path)
    {
        DecodedImage picture;
        try
        {
            picture = ImageFile.Decode(path);
        }
        catch (UnreadableImageException)
        {
            return null;
        }

        if (picture.Width != _grid.PixelWidth || picture.Height != _grid.PixelHeight)
        {
            return null;
        }

        var rowBytes = 3 * _tileWidth;
        var tiles = new byte[_tiles * _tileHeight * rowBytes];
        for (var row = 0; row < _tiles * _tileHeight; row++)
        {
            var (left, top) = _grid.CornerOf(row / _tileHeight);
            var source = 3 * (((top + (row % _tileHeight)) * picture.Width) + left);
            picture.Rgb.AsSpan(source, rowBytes).CopyTo(tiles.AsSpan(row * rowBytes));
        }

        return tiles;
    }

    public void DrawLabel(PngCanvas canvas, int row, int epoch)
    {
        var (width, height) = DotFont.Measure(Label(epoch), _dot);
        DotFont.Draw(canvas, Label(epoch), Margin + _labelWidth - width, RowTop(row) + ((_rowHeight - height) / 2), _dot, Ink);
    }

    public void DrawTiles(PngCanvas canvas, int row, byte[] tiles)
    {
        var top = RowTop(row) + ((_rowHeight - _tileHeight) / 2);
        for (var i = 0; i < tiles.Length / 3; i++)
        {
            var (tile, y, x) = (i / _tileWidth / _tileHeight, i / _tileWidth % _tileHeight, i % _tileWidth);
            canvas.Set(TilesLeft + (tile * (_tileWidth + TileGap)) + x, top + y, tiles[3 * i], tiles[(3 * i) + 1], tiles[(3 * i) + 2]);
        }
    }

    private static string Label(int epoch) => epoch.ToString(CultureInfo.InvariantCulture);

    private int RowTop(int row) => Margin + (row * (_rowHeight + RowGap));

    private long Height(int rows) => (2 * Margin) + ((long)rows * (_rowHeight + RowGap)) - RowGap;
}
