using PhotoMl.IO;

namespace PhotoMl.Imaging;

/// <summary>Makes one picture that shows how the samples of a run became what they are: a row an epoch, the same samples below each other.</summary>
public static class GridFilm
{
    /// <summary>Writes a PNG file, whole or not at all.</summary>
    /// <param name="path">The file; it is replaced where it exists, and its folder must exist.</param>
    /// <param name="frames">The grids of the run in any order; one that cannot be read, or has another size than the layout's, is left out.</param>
    /// <param name="layout">How each grid is laid out.</param>
    /// <param name="tilesPerFrame">How many images of each grid are shown at most, from its first on; at least 1.</param>
    /// <param name="mostFrames">How many grids are shown at most, at least 2: the first, the last, and others evenly spaced between them.</param>
    /// <returns>How many grids are shown; 0 where none can be read, and then no file is written.</returns>
    /// <exception cref="ArgumentException">A number is out of range, or the picture would be too large for <see cref="ImageFile"/> to read.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static int WritePng(string path, IReadOnlyList<GridFilmFrame> frames, ImageGridLayout layout, int tilesPerFrame = 12, int mostFrames = 12)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfLessThan(tilesPerFrame, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostFrames, 2);
        if (frames.Count == 0)
        {
            return 0;
        }

        var film = new GridFilmLayout(layout, Math.Min(tilesPerFrame, layout.Count), frames.Max(frame => frame.Epoch));
        film.CheckSize(Math.Min(mostFrames, frames.Count));
        var rows = ReadRows(frames, film, mostFrames);
        if (rows.Count > 0)
        {
            var png = Draw(rows, film).EncodePng();
            AtomicFile.Write(path, stream => stream.Write(png));
        }

        return rows.Count;
    }

    /// <summary>Chooses frames that are evenly spaced among those that can be read, and reads no others than it must.</summary>
    private static List<(int Epoch, byte[] Tiles)> ReadRows(IReadOnlyList<GridFilmFrame> frames, GridFilmLayout film, int mostFrames)
    {
        var candidates = frames.OrderBy(frame => frame.Epoch).ToList();
        var read = new Dictionary<GridFilmFrame, byte[]?>();
        while (true)
        {
            var chosen = Spread(candidates, mostFrames);
            foreach (var frame in chosen.Where(frame => !read.ContainsKey(frame)))
            {
                read[frame] = film.ReadTiles(frame.Path);
            }

            if (chosen.All(frame => read[frame] is not null))
            {
                return [.. chosen.Select(frame => (frame.Epoch, read[frame]!))];
            }

            candidates.RemoveAll(frame => read.TryGetValue(frame, out var tiles) && tiles is null);
        }
    }

    private static List<GridFilmFrame> Spread(List<GridFilmFrame> frames, int most) => frames.Count <= most
        ? frames
        : [.. Enumerable.Range(0, most).Select(i => frames[(int)Math.Round((double)i * (frames.Count - 1) / (most - 1))])];

    private static PngCanvas Draw(List<(int Epoch, byte[] Tiles)> rows, GridFilmLayout film)
    {
        var canvas = new PngCanvas(film.PixelWidth, film.PixelHeight(rows.Count), isGrey: false, GridFilmLayout.Ground);
        for (var row = 0; row < rows.Count; row++)
        {
            film.DrawLabel(canvas, row, rows[row].Epoch);
            film.DrawTiles(canvas, row, rows[row].Tiles);
        }

        return canvas;
    }
}
