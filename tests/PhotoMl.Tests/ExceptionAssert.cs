namespace PhotoMl.Tests;

/// <summary>Assertions on what is thrown.</summary>
internal static class ExceptionAssert
{
    /// <summary>An exception of exactly this type is thrown, whose message contains a text.</summary>
    public static T Throws<T>(string text, Action action)
        where T : Exception
    {
        var exception = Assert.Throws<T>(action);
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
        return exception;
    }
}
