namespace PhotoMl.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("file");

    [Fact]
    public void Writing_replaces_the_old_file_and_leaves_nothing_else()
    {
        File.WriteAllText(FilePath, "a long old content");

        AtomicFile.Write(FilePath, stream => stream.Write("new"u8));

        Assert.Equal("new", File.ReadAllText(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_file_may_be_named_without_a_folder()
    {
        var name = $"photoml-{Guid.NewGuid():N}";
        AtomicFile.Write(name, stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(name));
        File.Delete(name);
    }

    [Fact]
    public void The_file_has_its_name_only_once_it_is_whole() => AtomicFile.Write(FilePath, stream =>
    {
        stream.Write("half"u8);
        Assert.False(File.Exists(FilePath));
        Assert.Single(Directory.GetFiles(_folder.Path));
    });

    [Fact]
    public void A_failed_write_keeps_the_old_file_and_says_why_in_one_line()
    {
        File.WriteAllText(FilePath, "old");

        var exception = Assert.Throws<OutputException>(() => AtomicFile.Write(FilePath, stream =>
        {
            stream.Write("half"u8);
            throw new IOException($"No space left on device : '{FilePath}.temporary'");
        }));

        Assert.Equal($"{FilePath}: cannot be written: No space left on device", exception.Message);
        Assert.Equal(FilePath, exception.Path);
        Assert.Equal("No space left on device", exception.Reason);
        AssertUntouched();
    }

    [Fact]
    public void Whether_a_file_can_be_written_is_told_without_touching_it()
    {
        File.WriteAllText(FilePath, "old");
        AtomicFile.CheckWritable(FilePath);
        AssertUntouched();

        AtomicFile.CheckWritable(_folder.File("new"));
        Assert.False(File.Exists(_folder.File("new")));

        Assert.Equal("its folder does not exist", Assert.Throws<OutputException>(() => AtomicFile.CheckWritable(_folder.File("nosuch/file"))).Reason);
        Assert.Equal("it is a folder", Assert.Throws<OutputException>(() => AtomicFile.CheckWritable(_folder.Path)).Reason);
    }

    [LinuxFact]
    public void A_folder_where_nothing_can_be_created_is_no_place_to_write_to() =>
        Assert.Throws<OutputException>(() => AtomicFile.CheckWritable("/proc/file")); // which stops the superuser as well

    [LinuxFact]
    public void What_the_system_refuses_keeps_the_old_file_and_is_named()
    {
        File.WriteAllText(FilePath, "old");

        var exception = Assert.Throws<OutputException>(() => AtomicFile.Write(FilePath, stream =>
        {
            stream.Write("half"u8);
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
            full.Write(new byte[100_000]);
        }));

        Assert.Equal($"{FilePath}: cannot be written: No space left on device", exception.Message);
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
        string[] beside = [FilePath + ".tmp", FilePath + ".trial", _folder.File(".photoml-1.tmp")];
        Array.ForEach(beside, path => File.WriteAllText(path, "theirs"));
        using (new FileStream(beside[0], FileMode.Open, FileAccess.Write, FileShare.None))
        {
            AtomicFile.CheckWritable(FilePath);
            AtomicFile.Write(FilePath, stream => stream.Write("new"u8));
        }

        Assert.Equal("new", File.ReadAllText(FilePath));
        Assert.All(beside, path => Assert.Equal("theirs", File.ReadAllText(path)));
        Assert.Equal(4, Directory.GetFileSystemEntries(_folder.Path).Length);
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
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_name_may_be_as_long_as_a_name_can_be()
    {
        var path = _folder.File(new string('x', 255));
        AtomicFile.Write(path, stream => stream.Write("new"u8), flush: false);
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void Writing_over_a_folder_is_refused_before_anything_is_written()
    {
        Directory.CreateDirectory(FilePath);
        var exception = Assert.Throws<OutputException>(() => AtomicFile.Write(FilePath, _ => Assert.Fail("written")));
        Assert.Equal($"{FilePath}: cannot be written: it is a folder", exception.Message);
    }

    [Fact]
    public void Writing_into_a_missing_folder_says_so()
    {
        var path = _folder.File("missing/file");
        var exception = Assert.Throws<OutputException>(() => AtomicFile.Write(path, _ => { }));
        Assert.Equal($"{path}: cannot be written: its folder does not exist", exception.Message);
    }

    [Fact]
    public void Writing_below_a_file_is_refused_in_one_line()
    {
        File.WriteAllText(FilePath, "old");
        var exception = Assert.Throws<OutputException>(() => AtomicFile.Write(Path.Combine(FilePath, "below"), _ => { }));
        Assert.DoesNotContain('\n', exception.Message);
        Assert.StartsWith($"{FilePath}/below: cannot be written: ", exception.Message);
        AssertUntouched();
    }

    public void Dispose() => _folder.Dispose();

    private void AssertUntouched()
    {
        Assert.Equal("old", File.ReadAllText(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }
}
