namespace PhotoMl.Data;

/// <summary>How one digit is written: the hand's habits and the pen's mark, drawn in the order of the fields.</summary>
internal sealed class DigitStyle(DeterministicRandom random)
{
    private const double MiddleX = 0.3;
    private const double MiddleY = 0.5;
    private const double HardestPress = 1.25;

    private readonly double _jitter = random.NextDouble(0.003, 0.035);
    private readonly double _rounding = random.Chance(0.4) ? 0.8 : 0.1;
    private readonly double _aspect = random.Factor(0.28);
    private readonly double _keystone = random.Near(0, 0.25);
    private readonly double _stretch = random.Near(0, 0.22);
    private readonly double _bow = random.Near(0, 0.18);
    private readonly double _slant = random.Near(0.15, 0.3);
    private readonly double _rotation = random.Near(0, 0.12);
    private readonly (SmoothNoise X, SmoothNoise Y) _bend = DrawBend(random, random.NextDouble(0.01, 0.09));
    private readonly double _penRadius = 0.062 * random.Factor(0.36);
    private readonly double _nibAngle = random.NextDouble(0, Math.PI);
    private readonly double _nibFlatness = Math.Abs(random.Near(0, 0.15));
    private readonly double _unsteadiness = random.NextDouble(0.03, 0.35);
    private readonly double _roughness = random.NextDouble(0, 0.4);

    public double EdgeWidth { get; } = random.NextDouble(0.8, 1.7);
    public double Contrast { get; } = random.NextDouble(1, 1.6);

    public InkPoint[] Write(StrokePath path, DeterministicRandom random)
    {
        path.Disturb(random, _jitter, _rounding);
        var ink = path.Flatten().ConvertAll(point => Bend(point.X, point.Y)).ToArray();
        var pressure = new SmoothNoise(random, _unsteadiness);
        var radius = _penRadius * Math.Min(1, _aspect); // narrow digits are written finer, or their loops would fill
        for (var i = 0; i < ink.Length; i++)
        {
            var (before, after) = (ink[Math.Max(0, i - 1)], ink[Math.Min(ink.Length - 1, i + 1)]);
            var direction = Math.Atan2(after.Y - before.Y, after.X - before.X);
            var nib = 1 + (_nibFlatness * Math.Cos(2 * (direction - _nibAngle)));
            var press = Math.Exp(pressure.At(i * 0.03, 0) + random.Near(0, _roughness));
            ink[i] = ink[i] with { Radius = radius * nib * Math.Min(press, HardestPress) };
        }

        return ink;
    }

    private InkPoint Bend(double x, double y)
    {
        var (u, v) = (x - MiddleX, y - MiddleY);
        (u, v) = (u + _bend.X.At(u, v), v + _bend.Y.At(u, v));
        u *= _aspect * (1 + (_keystone * 2 * v));
        u += _bow * ((v * v) - 0.08);
        v += _stretch * (0.25 - (v * v));
        u -= _slant * v;
        var (sin, cos) = Math.SinCos(_rotation);
        return new InkPoint((u * cos) - (v * sin), (u * sin) + (v * cos), 0);
    }

    private static (SmoothNoise X, SmoothNoise Y) DrawBend(DeterministicRandom random, double deviation) =>
        (new(random, deviation), new(random, deviation));
}

/// <summary>The random choices of which hand-drawn shapes are made.</summary>
internal static class DrawnChoices
{
    private const double Widest = 2.5;

    public static bool Chance(this DeterministicRandom random, double probability) => random.NextDouble() < probability;

    /// <summary>Draws from a normal distribution without its far tails, which would be scribbles.</summary>
    public static double Near(this DeterministicRandom random, double mean, double deviation) =>
        mean + (deviation * Math.Clamp(random.NextGaussian(), -Widest, Widest));

    /// <summary>Draws a factor around 1, as likely to multiply as to divide.</summary>
    public static double Factor(this DeterministicRandom random, double deviation) => Math.Exp(random.Near(0, deviation));
}

/// <summary>A random smooth surface: the sum of three slow waves.</summary>
internal sealed class SmoothNoise(DeterministicRandom random, double deviation)
{
    private readonly double _amplitude = deviation * Math.Sqrt(2.0 / 3);
    private readonly (double X, double Y, double Phase)[] _waves = [DrawWave(random), DrawWave(random), DrawWave(random)];

    public double At(double x, double y)
    {
        var height = 0.0;
        foreach (var wave in _waves)
        {
            height += _amplitude * Math.Sin((wave.X * x) + (wave.Y * y) + wave.Phase);
        }

        return height;
    }

    private static (double X, double Y, double Phase) DrawWave(DeterministicRandom random)
    {
        var (sin, cos) = Math.SinCos(random.NextDouble(0, 2 * Math.PI));
        var radians = random.NextDouble(2, 8);
        return (radians * cos, radians * sin, random.NextDouble(0, 2 * Math.PI));
    }
}
