using System.Globalization;

namespace PhotoMl.Models;

/// <summary>Looks up the classes of a model.</summary>
internal static class ClassNameList
{
    public static string Few(IReadOnlyList<string> names, int count = 3) =>
        string.Join(", ", names.Take(count)) + (names.Count <= count ? "" : count > 3 ? $" and {names.Count - count:N0} more" : ", ...");

    /// <summary>Finds the number of a class by its name, else by its number.</summary>
    public static int? Find(IReadOnlyList<string> names, string name) =>
        names.ToList().IndexOf(name) is >= 0 and var index ? index
        : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < names.Count ? number
        : null;
}
