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

    public static T? InRange<T>(T? value, T low, T high, string name)
        where T : struct, INumber<T> => value is { } number ? InRange(number, low, high, name) : null;

    public static double? Share(double? value, string name) => value is null or (> 0 and < 1)
        ? value
        : throw new ArgumentOutOfRangeException(name, $"{name}: expected a number between 0 and 1, but got {value}.");
}
