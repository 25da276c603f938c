using PhotoMl.Cli.Options;

namespace PhotoMl.Cli.Tests;

[Collection(TorchCollection.Name)]
public sealed class ShardTests(TrainedModel trained) : FolderTests
{
    [Theory]
    [InlineData("1/1", 1, 1)]
    [InlineData("3/8", 3, 8)]
    public void A_part_is_named_by_its_number_and_their_count(string text, int index, int count) =>
        Assert.Equal(new Shard(index, count), Shard.Find(Shard.Parse(text), null, _ => null));

    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("1")]
    [InlineData("-1/2")]
    [InlineData("1/2/3")]
    public void Any_other_text_is_refused(string text) => Assert.Throws<FormatException>(() => Shard.Parse(text));

    [Theory]
    [InlineData(7, 3)]
    [InlineData(2, 5)]
    [InlineData(64, 8)]
    public void The_parts_in_turn_are_the_whole(int items, int parts)
    {
        int[] all = [.. Enumerable.Range(0, items)];
        Assert.Equal(all, Enumerable.Range(1, parts).SelectMany(index => new Shard(index, parts).Of(all).ToArray()));
    }

    [Fact]
    public void Schedulers_are_asked()
    {
        var slurm = Environment(("SLURM_ARRAY_TASK_ID", "12"), ("SLURM_ARRAY_TASK_MIN", "10"), ("SLURM_ARRAY_TASK_COUNT", "4"));
        Assert.Equal(new Shard(3, 4), Shard.Find(Shard.Parse("auto"), null, slurm));
        Assert.Equal(new Shard(1, 5), Shard.Find(Shard.Parse("auto"), 5, Environment(("JOB_COMPLETION_INDEX", "0"))));
        Assert.Throws<UsageException>(() => Shard.Find(Shard.Parse("auto"), null, Environment(("JOB_COMPLETION_INDEX", "0"))));
        Assert.Throws<UsageException>(() => Shard.Find(Shard.Parse("auto"), 5, Environment(("JOB_COMPLETION_INDEX", "5"))));
        Assert.Throws<UsageException>(() => Shard.Find(Shard.Parse("auto"), 5, Environment(("JOB_COMPLETION_INDEX", "x"))));
        Assert.Throws<UsageException>(() => Shard.Find(Shard.Parse("auto"), null, Environment()));
        Assert.Throws<UsageException>(() => Shard.Find(null, 5, Environment()));
    }

    [Theory]
    [InlineData("--csv")]
    [InlineData("--json")]
    [InlineData("--quiet")]
    public void The_parts_outputs_in_turn_are_exactly_the_whole(string format)
    {
        for (var i = 0; i < 150; i++)
        {
            Bars.WritePng(Folder.File($"{i:D3}.png"), label: i % 4);
        }

        File.WriteAllText(Folder.File("broken, \"no\" image.png"), "");
        string[] command = ["predict", trained.Run, Folder.Path, format];
        var whole = Tool.Run(command);
        var parts = Enumerable.Range(1, 4).Select(index => Tool.Run([.. command, "--shard", $"{index}/4"])).ToArray();

        Assert.All(parts, part => Assert.Equal(0, part.ExitCode));
        Assert.Equal(whole.Out, string.Concat(parts.Select(part => part.Out)));
        if (format == "--csv")
        {
            Assert.Equal("path,label,probability,label_2,probability_2,label_3,probability_3,error", whole.OutLines[0]);
            Assert.Equal($"\"{Folder.Path}/broken, \"\"no\"\" image.png\",,,,,,,the file is empty", whole.OutLines[^1]);
            Assert.Equal(152, whole.OutLines.Length);
        }
    }

    private static Func<string, string?> Environment(params (string Name, string Value)[] variables) =>
        name => variables.FirstOrDefault(variable => variable.Name == name).Value;
}
