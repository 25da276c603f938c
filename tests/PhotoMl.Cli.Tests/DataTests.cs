namespace PhotoMl.Cli.Tests;

public class DataTests : FolderTests
{
    [Fact]
    public void The_list_names_every_set_its_licence_and_where_it_is()
    {
        var result = Tool.Succeed("data", "list");
        Assert.Matches("(?m)^mnist +MNIST handwritten digits \\(license: CC BY-SA 3.0\\)\\n +not on this machine", result.Out);
        Assert.Matches("(?m)^digits .*\\n +built in$", result.Out);
        Assert.Equal(
            ["mnist", "fashion-mnist", "digits"],
            Tool.Run("data", "list", "--json").Json.GetProperty("sets").EnumerateArray().Select(set => set.Text("id")));
    }

    [Fact]
    public void Getting_a_set_that_is_built_in_or_unknown_is_answered_without_a_download()
    {
        Assert.Equal("digits is built in; there is nothing to download.\n", Tool.Run("data", "get", "digits").Out);
        Refusal.OfInput(
            "cifar: expected a known data set (mnist, fashion-mnist, digits), but found none of that name", "data", "get", "cifar");
    }

    [Fact]
    public void Checking_a_sound_folder_counts_its_images()
    {
        var result = Tool.Succeed($"data check {Bars.WriteSet(Folder.File("bars"), train: 40, test: 8)}");
        Assert.Contains("Train   40 images of 28x28, 10 to 10 per class", result.OutLines);
        Assert.Equal("Sound", result.OutLines[^1]);
    }

    [Fact]
    public void Checking_a_folder_with_a_truncated_file_names_the_file()
    {
        var labels = Path.Combine(Bars.WriteSet(Folder.File("bars")), "t10k-labels-idx1-ubyte");
        File.WriteAllBytes(labels, File.ReadAllBytes(labels)[..20]);
        var result = Tool.Run($"data check {Folder.File("bars")}");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(labels, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal("Not sound", result.OutLines[^1]);
        Assert.False(Tool.Run($"data check {Folder.File("bars")} --json").Json.Flag("sound"));
    }
}
