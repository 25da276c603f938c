namespace PhotoMl.Tests.IO;

public sealed class AtomicFileTests : FolderTests
{
    private string FilePath => Folder.File("file");

    [Fact]
    public void Writing_replaces_the_old_file_and_leaves_nothing_else()
    {
        File.WriteAllText(FilePath, "a long old content");

        AtomicFile.Write(FilePath, stream =>
        {
            stream.Write("new"u8);
            Assert.Equal("a long old content", File.ReadAllText(FilePath));
        });

        Assert.Equal("new", File.ReadAllText(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(Folder.Path));
    }

    [Fact]
    public void A_file_may_be_named_without_a_folder_and_as_long_as_a_name_can_be()
    {
        foreach (var path in new[] { $"photoml-{Guid.NewGuid():N}", Folder.File(new string('x', 255)) })
        {
            AtomicFile.Write(path, stream => stream.Write("new"u8), flush: false);
            Assert.Equal("new", File.ReadAllText(path));
            File.Delete(path);
        }
    }

    [Fact]
    public void Whether_a_file_can_be_written_is_known_without_touching_it()
    {
        File.WriteAllText(FilePath, "old");
        OutputException.ThrowIfNotWritable(FilePath);
        AssertUntouched();

        OutputException.ThrowIfNotWritable(Folder.File("new"));
        Assert.False(File.Exists(Folder.File("new")));

        Assert.Equal("its folder does not exist", Refused(() => OutputException.ThrowIfNotWritable(Folder.File("nosuch/file"))).Reason);
        Assert.Equal("it is a folder", Refused(() => OutputException.ThrowIfNotWritable(Folder.Path)).Reason);
    }

    [LinuxFact]
    public void A_folder_where_nothing_can_be_created_is_no_place_to_write_to() =>
        Refused(() => OutputException.ThrowIfNotWritable("/proc/file")); // which stops the superuser as well

    [LinuxFact]
    public void What_the_system_refuses_keeps_the_old_file_and_is_named_in_one_line()
    {
        File.WriteAllText(FilePath, "old");

        var exception = Refused(() => AtomicFile.Write(FilePath, stream =>
        {
            stream.Write("half"u8);
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
            full.Write(new byte[100_000]);
        }));

        Assert.Equal($"{FilePath}: cannot be written: No space left on device", exception.Message);
        Assert.Equal((FilePath, "No space left on device"), (exception.Path, exception.Reason));
        AssertUntouched();
    }

    [Fact]
    public void A_file_beyond_what_the_system_allows_keeps_the_old_one_and_is_named()
    {
        File.WriteAllText(FilePath, "old");
        var tooLarge = new ArgumentOutOfRangeException("value"); // what .NET makes of EFBIG

        Assert.Contains("larger than the system allows", Refused(() => AtomicFile.Write(FilePath, _ => throw tooLarge)).Reason);
        AssertUntouched();
    }

    [Fact]
    public void Any_other_exception_of_the_caller_passes_and_keeps_the_old_file()
    {
        File.WriteAllText(FilePath, "old");

        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(FilePath, _ => throw new OperationCanceledException()));

        AssertUntouched();
    }

    [Fact]
    public void A_file_of_somebody_else_beside_it_is_never_touched()
    {
        string[] beside = [FilePath + ".tmp", FilePath + ".trial", Folder.File(".photoml-1.tmp")];
        Array.ForEach(beside, path => File.WriteAllText(path, "theirs"));
        using (new FileStream(beside[0], FileMode.Open, FileAccess.Write, FileShare.None))
        {
            OutputException.ThrowIfNotWritable(FilePath);
            AtomicFile.Write(FilePath, stream => stream.Write("new"u8));
        }

        Assert.Equal("new", File.ReadAllText(FilePath));
        Assert.All(beside, path => Assert.Equal("theirs", File.ReadAllText(path)));
        Assert.Equal(4, Directory.GetFileSystemEntries(Folder.Path).Length);
    }

    [Fact]
    public void Two_writers_at_once_leave_the_file_of_one_of_them()
    {
        AtomicFile.Write(FilePath, first =>
        {
            AtomicFile.Write(FilePath, second => second.Write("second"u8));
            first.Write("first"u8);
        });

        Assert.Equal("first", File.ReadAllText(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(Folder.Path));
    }

    [Fact]
    public void Where_no_file_can_be_nothing_is_written_and_the_reason_is_one_line()
    {
        File.WriteAllText(FilePath, "old");
        var (missing, below) = (Folder.File("missing/file"), Path.Combine(FilePath, "below"));

        Assert.Equal($"{Folder.Path}: cannot be written: it is a folder", Write(Folder.Path));
        Assert.Equal($"{missing}: cannot be written: its folder does not exist", Write(missing));
        Assert.Equal($"{below}: cannot be written: {FilePath} is a file", Write(below));
        Assert.Equal($"{below}: cannot be written: {FilePath} is a file", Refused(() => AtomicFile.CreateFolder(below)).Message);
        AssertUntouched();

        static string Write(string path) => Refused(() => AtomicFile.Write(path, _ => Assert.Fail("written"))).Message;
    }

    private static OutputException Refused(Action action)
    {
        var exception = Assert.Throws<OutputException>(action);
        Assert.DoesNotContain('\n', exception.Message);
        return exception;
    }

    private void AssertUntouched()
    {
        Assert.Equal("old", File.ReadAllText(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(Folder.Path));
    }
}
