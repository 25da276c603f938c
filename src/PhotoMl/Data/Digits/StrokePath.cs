namespace PhotoMl.Data;

/// <summary>One stroke of a skeleton: knots that a smooth curve runs through, broken at corners.</summary>
/// <remarks>Coordinates are those of a digit 1 high: x to the right, y down, angles in degrees from the right, clockwise.</remarks>
internal sealed class StrokePath
{
    private const double DegreesBetweenArcKnots = 40;
    private const double Spacing = 0.03;

    private List<Knot> _knots = [];

    public static StrokePath Line(double fromX, double fromY, double toX, double toY) =>
        new StrokePath().Through(fromX, fromY).Through(toX, toY);

    public StrokePath Corner(double x, double y) => Through(x, y, isCorner: true);

    public StrokePath Through(double x, double y, bool isCorner = false)
    {
        _knots.Add(new Knot(x, y, isCorner));
        return this;
    }

    public StrokePath Arc(double x, double y, double radiusX, double radiusY, double from, double to, double growth = 1, double lean = 0)
    {
        var steps = Math.Max(2, (int)Math.Ceiling(Math.Abs(to - from) / DegreesBetweenArcKnots));
        for (var i = 0; i <= steps; i++)
        {
            var part = (double)i / steps;
            var scale = 1 + ((growth - 1) * part);
            var (sin, cos) = Math.SinCos((from + ((to - from) * part)) * Math.PI / 180);
            Through(x + (scale * ((radiusX * cos) - (lean * radiusY * sin))), y + (scale * radiusY * sin));
        }

        return this;
    }

    public StrokePath Mirror(double axis)
    {
        _knots = _knots.ConvertAll(knot => knot with { X = (2 * axis) - knot.X });
        return this;
    }

    /// <summary>Goes on one way or another; only the one chosen is drawn.</summary>
    public StrokePath If(bool condition, Func<StrokePath, StrokePath> then, Func<StrokePath, StrokePath>? otherwise = null) =>
        condition ? then(this) : otherwise?.Invoke(this) ?? this;

    /// <summary>Moves every knot a little by itself, and rounds some corners off.</summary>
    public void Disturb(DeterministicRandom random, double jitter, double rounding) => _knots = _knots.ConvertAll(
        knot => new Knot(random.Near(knot.X, jitter), random.Near(knot.Y, jitter), knot.IsCorner && !random.Chance(rounding)));

    public List<(double X, double Y)> Flatten()
    {
        var points = new List<(double X, double Y)> { (_knots[0].X, _knots[0].Y) };
        for (var i = 0; i + 1 < _knots.Count; i++)
        {
            var (start, end) = (_knots[i], _knots[i + 1]);
            var before = i == 0 || start.IsCorner ? Reflect(end, start) : _knots[i - 1];
            var after = i + 2 == _knots.Count || end.IsCorner ? Reflect(start, end) : _knots[i + 2];
            var steps = Math.Max(1, (int)(Distance(start, end) / Spacing));
            for (var step = 1; step <= steps; step++)
            {
                points.Add(CatmullRom(before, start, end, after, (double)step / steps));
            }
        }

        return points;
    }

    /// <remarks>Centripetal, which makes no loops or cusps within a segment (C. Yuksel et al., "Parameterization and Applications of
    /// Catmull-Rom Curves", 2011).</remarks>
    private static (double X, double Y) CatmullRom(Knot p0, Knot p1, Knot p2, Knot p3, double part)
    {
        var t1 = Math.Sqrt(Distance(p0, p1));
        var t2 = t1 + Math.Sqrt(Distance(p1, p2));
        var t3 = t2 + Math.Sqrt(Distance(p2, p3));
        var t = t1 + ((t2 - t1) * part);

        var a1 = Mix((p0.X, p0.Y), (p1.X, p1.Y), t / t1);
        var a2 = Mix((p1.X, p1.Y), (p2.X, p2.Y), (t - t1) / (t2 - t1));
        var a3 = Mix((p2.X, p2.Y), (p3.X, p3.Y), (t - t2) / (t3 - t2));
        return Mix(Mix(a1, a2, t / t2), Mix(a2, a3, (t - t1) / (t3 - t1)), part);
    }

    private static (double X, double Y) Mix((double X, double Y) a, (double X, double Y) b, double part) =>
        (a.X + ((b.X - a.X) * part), a.Y + ((b.Y - a.Y) * part));

    private static Knot Reflect(Knot point, Knot through) => new((2 * through.X) - point.X, (2 * through.Y) - point.Y, IsCorner: false);

    // Never zero, so that knots in one place cannot divide by it.
    private static double Distance(Knot a, Knot b) => Math.Max(1e-6, double.Hypot(a.X - b.X, a.Y - b.Y));

    private readonly record struct Knot(double X, double Y, bool IsCorner);
}
