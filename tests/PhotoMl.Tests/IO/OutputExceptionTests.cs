namespace PhotoMl.Tests.IO;

public sealed class OutputExceptionTests : FolderTests
{
    public OutputExceptionTests()
    {
        Folder.Write("photos/cat/1.jpg", [1]);
        Directory.CreateDirectory(Folder.File("deep/er"));
        Directory.CreateSymbolicLink(Folder.File("link"), "photos");
        Directory.CreateSymbolicLink(Folder.File("deep/er/up"), "../../link/cat"); // relative to where it lies, through another
        Directory.CreateSymbolicLink(Folder.File("round"), Folder.File("round"));
        File.CreateSymbolicLink(Folder.File("one"), Folder.File("deep/er/up/1.jpg"));
    }

    [Theory]
    [InlineData("photos")]
    [InlineData("photos/")]
    [InlineData("photos/new/deep/x.png")]
    [InlineData("photos/cat/1.jpg")]
    [InlineData("link/x.png")]
    [InlineData("deep/er/up")]
    [InlineData("deep/er/up/new/x.png")]
    [InlineData("deep/../link//./x.png")]
    [InlineData("one")]
    public void What_is_an_input_or_lies_within_one_is_found(string output) =>
        Assert.Equal($"expected a path outside of {Folder.File("photos")}, which is read", Refusal(output, "deep/er/none", "photos"));

    [Theory]
    [InlineData("photos2/x.png")]
    [InlineData("photo")]
    [InlineData("x/photos")]
    [InlineData("photos/../x.png")]
    [InlineData("deep/er/x.png")]
    [InlineData("round/x.png")]
    [InlineData("")]
    public void What_lies_beside_or_above_is_none(string output) =>
        Assert.Null(Refusal(output, "photos", "deep/er/up"));

    [Fact]
    public void An_input_may_be_reached_through_a_link_too()
    {
        Assert.Contains(Folder.File("link"), Refusal("photos/x.png", "link"), StringComparison.Ordinal);
        Assert.Contains(Folder.File("one"), Refusal("photos/cat/1.jpg", "one"), StringComparison.Ordinal);
        Assert.Throws<OutputException>(() => OutputException.ThrowIfInput(Folder.File("x"), ["/"]));
    }

    private string? Refusal(string output, params string[] inputs)
    {
        var exception = Record.Exception(
            () => OutputException.ThrowIfInput(Path.Join(Folder.Path, output), inputs.Select(input => Folder.File(input))));
        return exception is null ? null : Assert.IsType<OutputException>(exception).Reason;
    }
}
