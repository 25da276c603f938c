using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>How one digit is written: the hand's habits and the pen's mark.</summary>
internal sealed class DigitStyle
{
    private const double MiddleX = 0.3;
    private const double MiddleY = 0.5;
    private const double HardestPress = 1.25;

    private readonly double _jitter;
    private readonly double _rounding;
    private readonly double _aspect;
    private readonly double _keystone;
    private readonly double _stretch;
    private readonly double _bow;
    private readonly double _slant;
    private readonly double _rotation;
    private readonly SmoothNoise _bendX;
    private readonly SmoothNoise _bendY;
    private readonly double _penRadius;
    private readonly double _nibAngle;
    private readonly double _nibFlatness;
    private readonly double _unsteadiness;
    private readonly double _roughness;

    private DigitStyle(DeterministicRandom random)
    {
        _jitter = random.NextDouble(0.003, 0.035);
        _rounding = random.Chance(0.4) ? 0.8 : 0.1;

        _aspect = random.Factor(0.28);
        _keystone = random.Near(0, 0.25);
        _stretch = random.Near(0, 0.22);
        _bow = random.Near(0, 0.18);
        _slant = random.Near(0.15, 0.3);
        _rotation = random.Near(0, 0.12);
        var bend = random.NextDouble(0.01, 0.09);
        _bendX = new SmoothNoise(random, bend);
        _bendY = new SmoothNoise(random, bend);

        // Narrow digits are written finer, or their loops would fill.
        _penRadius = 0.062 * random.Factor(0.36) * Math.Min(1, _aspect);
        _nibAngle = random.NextDouble(0, Math.PI);
        _nibFlatness = Math.Abs(random.Near(0, 0.15));
        _unsteadiness = random.NextDouble(0.03, 0.35);
        _roughness = random.NextDouble(0, 0.4);

        EdgeWidth = random.NextDouble(0.8, 1.7);
        Contrast = random.NextDouble(1, 1.6);
    }

    public double EdgeWidth { get; }
    public double Contrast { get; }

    public static DigitStyle Draw(DeterministicRandom random) => new(random);

    public List<InkPoint[]> Write(List<StrokePath> skeleton, DeterministicRandom random)
    {
        var ink = new List<InkPoint[]>(skeleton.Count);
        foreach (var path in skeleton)
        {
            path.Disturb(random, _jitter, _rounding);
            ink.Add(Press(path.Flatten(), random));
        }

        return ink;
    }

    private InkPoint[] Press(List<(double X, double Y)> path, DeterministicRandom random)
    {
        var pressure = new SmoothNoise(random, _unsteadiness);
        var ink = new InkPoint[path.Count];
        for (var i = 0; i < ink.Length; i++)
        {
            var (x, y) = Bend(path[i].X, path[i].Y);
            ink[i] = new InkPoint(x, y, 0);
        }

        for (var i = 0; i < ink.Length; i++)
        {
            var (before, after) = (ink[Math.Max(0, i - 1)], ink[Math.Min(ink.Length - 1, i + 1)]);
            var direction = Math.Atan2(after.Y - before.Y, after.X - before.X);
            var nib = 1 + (_nibFlatness * Math.Cos(2 * (direction - _nibAngle)));
            var press = Math.Exp(pressure.At(i * 0.03, 0) + random.Near(0, _roughness));
            var radius = _penRadius * nib * Math.Min(press, HardestPress);
            ink[i] = ink[i] with { Radius = radius };
        }

        return ink;
    }

    private (double X, double Y) Bend(double x, double y)
    {
        var (u, v) = (x - MiddleX, y - MiddleY);
        (u, v) = (u + _bendX.At(u, v), v + _bendY.At(u, v));
        u *= _aspect * (1 + (_keystone * 2 * v));
        u += _bow * ((v * v) - 0.08);
        v += _stretch * (0.25 - (v * v));
        u -= _slant * v;
        var (sin, cos) = Math.SinCos(_rotation);
        return ((u * cos) - (v * sin), (u * sin) + (v * cos));
    }
}
