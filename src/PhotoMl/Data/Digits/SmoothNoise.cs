using PhotoMl.Runtime;

namespace PhotoMl.Data;

/// <summary>A random smooth surface: the sum of a few slow waves.</summary>
internal sealed class SmoothNoise
{
    private const int WaveCount = 3;
    private const double SlowestWave = 2;
    private const double FastestWave = 8;

    private readonly Wave[] _waves = new Wave[WaveCount];

    public SmoothNoise(DeterministicRandom random, double deviation)
    {
        var amplitude = deviation * Math.Sqrt(2.0 / WaveCount);
        for (var i = 0; i < WaveCount; i++)
        {
            var (sin, cos) = Math.SinCos(random.NextDouble(0, 2 * Math.PI));
            var radians = random.NextDouble(SlowestWave, FastestWave);
            _waves[i] = new Wave(radians * cos, radians * sin, random.NextDouble(0, 2 * Math.PI), amplitude);
        }
    }

    public double At(double x, double y)
    {
        var height = 0.0;
        foreach (var wave in _waves)
        {
            height += wave.Amplitude * Math.Sin((wave.X * x) + (wave.Y * y) + wave.Phase);
        }

        return height;
    }

    private readonly record struct Wave(double X, double Y, double Phase, double Amplitude);
}
