using System.Globalization;

namespace PhotoMl.Models;

/// <summary>Looks up the classes of a model.</summary>
internal static class ClassNameList
{
    public static string Few(IReadOnlyList<string> names, int count = 3) =>
        string.Join(", ", names.Take(count)) + (names.Count <= count ? "" : count > 3 ? $" and {names.Count - count:N0} more" : ", ...");

    public static int? Find(IReadOnlyList<string> names, string name)
    {
        var isNumber = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return names.Index().Where(entry => entry.Item == name).Select(entry => (int?)entry.Index).FirstOrDefault()
            ?? (isNumber && number < names.Count ? number : null);
    }
}
