namespace PhotoMl.Tests.Data;

public sealed class ClassNameListTests
{
    [Fact]
    public void Of_many_and_long_names_few_letters_are_shown()
    {
        string[] names = [new('x', 200), "b", "c", "d", "e", "f"];
        Assert.Equal($"{new string('x', 39)}…, b, c, ...", ClassNameList.Few(names));
        Assert.Equal(
            $"6 of 9 classes have no photos ({new string('x', 39)}…, b, c, d, e and 1 more) and are left out",
            ClassNameList.Describe(names, 9, "no photos", "left out"));
    }

    [Theory]
    [InlineData("abcd", 4, "abcd")]
    [InlineData("abcde", 4, "abc…")]
    [InlineData("ab😀cd", 4, "ab…")]
    [InlineData("ab😀cd", 5, "ab😀…")]
    public void A_name_is_cut_between_characters(string name, int most, string expected) =>
        Assert.Equal(expected, ClassNameList.Shorten(name, most));
}
