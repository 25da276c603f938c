using System.Globalization;

namespace PhotoMl.Data;

/// <summary>Looks up and lists names of classes.</summary>
internal static class ClassNameList
{
    public static string Few(IReadOnlyList<string> names, int count = 3) =>
        string.Join(", ", names.Take(count).Select(name => Shorten(name, most: 40)))
        + (names.Count <= count ? "" : count > 3 ? $" and {names.Count - count:N0} more" : ", ...");

    /// <summary>Says what some of the classes lack and what follows; null where there are none of them.</summary>
    public static string? Describe(IEnumerable<string> names, int classes, string lack, string consequence) => names.ToList() switch
    {
        [] => null,
        [var only] => $"1 of {classes:N0} classes has {lack} ({Few([only])}) and is {consequence}",
        var some => $"{some.Count:N0} of {classes:N0} classes have {lack} ({Few(some, 5)}) and are {consequence}",
    };

    /// <summary>A name of at most so many UTF-16 code units; what is too long loses its end, but no half of a character.</summary>
    public static string Shorten(string name, int most) =>
        name.Length <= most ? name : $"{name.AsSpan(0, most - (char.IsHighSurrogate(name[most - 2]) ? 2 : 1))}…";

    /// <summary>Finds the number of a class by its name, else by its number.</summary>
    public static int? Find(IReadOnlyList<string> names, string name) =>
        names.ToList().IndexOf(name) is >= 0 and var index ? index
        : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < names.Count ? number
        : null;
}
