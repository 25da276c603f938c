namespace PhotoMl.Tests.Data;

public sealed class ComposedTextTests
{
    [Theory]
    [InlineData("cafe\u0301", "caf\u00E9")]
    [InlineData("Vie\u0323\u0302t", "Vi\u1EC7t")] // two marks
    [InlineData("\u0438\u0306", "\u0439")] // Cyrillic
    [InlineData("\u03B1\u0301", "\u03AC")] // Greek
    [InlineData("\u304B\u3099", "\u304C")] // Japanese
    [InlineData("\u0627\u0654", "\u0623")] // Arabic
    [InlineData("\u1112\u1161\u11AB\u1100\u116E\u11A8", "\uD55C\uAD6D")] // Korean
    [InlineData("\uD558\u1161", "\uD558\u1161")]
    [InlineData("x\u0301", "x\u0301")]
    [InlineData("\u0301", "\u0301")]
    [InlineData("", "")]
    public void Letters_and_marks_are_composed(string text, string expected) => Assert.Equal(expected, ComposedText.Of(text));
}
