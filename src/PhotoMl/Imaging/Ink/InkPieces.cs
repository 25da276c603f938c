namespace PhotoMl.Imaging;

/// <summary>The connected pieces of ink in a picture, diagonal neighbors included.</summary>
internal sealed class InkPieces
{
    private readonly FloatImage _plane;
    private readonly int[] _pieceOf; // 0 for background, else 1 + the index of the piece
    private readonly List<int> _areas = [];
    private double _minimumArea = 1;

    private InkPieces(FloatImage plane)
    {
        _plane = plane;
        _pieceOf = new int[plane.Values.Length];
    }

    public (int Left, int Top, int Width, int Height)? Bounds
    {
        get
        {
            var (left, top, right, bottom) = (int.MaxValue, int.MaxValue, -1, -1);
            for (var i = 0; i < _pieceOf.Length; i++)
            {
                if (IsKept(i))
                {
                    var (x, y) = (i % _plane.Width, i / _plane.Width);
                    (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
                }
            }

            return right < 0 ? null : (left, top, right - left + 1, bottom - top + 1);
        }
    }

    public static InkPieces Find(FloatImage plane, float threshold)
    {
        var pieces = new InkPieces(plane);
        for (var i = 0; i < plane.Values.Length; i++)
        {
            if (plane.Values[i] > threshold && pieces._pieceOf[i] == 0)
            {
                pieces._areas.Add(pieces.Flood(i, threshold));
            }
        }

        return pieces;
    }

    public void DropSmallerThan(double share) => _minimumArea = share * _areas.DefaultIfEmpty().Max();

    public bool IsDropped(int x, int y) => _pieceOf[(y * _plane.Width) + x] is > 0 and var piece && _areas[piece - 1] < _minimumArea;

    public IEnumerable<float> KeptValues() => _plane.Values.Where((_, i) => IsKept(i));

    /// <summary>The mean width of strokes: twice the area over the length of the outline.</summary>
    public double StrokeWidth()
    {
        var (area, outline) = (0, 0);
        for (var i = 0; i < _pieceOf.Length; i++)
        {
            if (IsKept(i))
            {
                area++;
                var (x, y) = (i % _plane.Width, i / _plane.Width);
                outline += IsBackground(x - 1, y) + IsBackground(x + 1, y) + IsBackground(x, y - 1) + IsBackground(x, y + 1);
            }
        }

        return outline == 0 ? 0 : 2.0 * area / outline;
    }

    private bool IsKept(int index) => _pieceOf[index] is > 0 and var piece && _areas[piece - 1] >= _minimumArea;

    private int IsBackground(int x, int y) =>
        x < 0 || y < 0 || x >= _plane.Width || y >= _plane.Height || !IsKept((y * _plane.Width) + x) ? 1 : 0;

    private int Flood(int start, float threshold)
    {
        var piece = _areas.Count + 1;
        var area = 0;
        var open = new Stack<int>([start]);
        _pieceOf[start] = piece;
        while (open.TryPop(out var index))
        {
            area++;
            var (x, y) = (index % _plane.Width, index / _plane.Width);
            for (var nextY = Math.Max(0, y - 1); nextY <= Math.Min(_plane.Height - 1, y + 1); nextY++)
            {
                for (var nextX = Math.Max(0, x - 1); nextX <= Math.Min(_plane.Width - 1, x + 1); nextX++)
                {
                    var next = (nextY * _plane.Width) + nextX;
                    if (_pieceOf[next] == 0 && _plane.Values[next] > threshold)
                    {
                        _pieceOf[next] = piece;
                        open.Push(next);
                    }
                }
            }
        }

        return area;
    }
}
