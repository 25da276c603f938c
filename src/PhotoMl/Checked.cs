using System.Numerics;

namespace PhotoMl;

/// <summary>Range checks of options.</summary>
internal static class Checked
{
    public static T InRange<T>(T value, T low, T high, string name)
        where T : INumber<T> =>
        value >= low && value <= high
            ? value
            : throw new ArgumentOutOfRangeException(name, $"{name}: expected {low} to {high}, but got {value}.");
}
