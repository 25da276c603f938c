using System.Net.Sockets;

namespace PhotoMl.Tests.IO;

/// <summary>What bears a file's name and is none: opening a pipe waits for a writer that never comes.</summary>
public sealed class RegularFileTests : FolderTests
{
    // Where nothing is wrong it takes milliseconds; a pipe that was opened is waited for without end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string, Action<string>> Readers => new()
    {
        { "x.jpg", path => ImageFile.Decode(path) },
        { "train-images-idx3-ubyte", path => IdxContent.Read(path, IdxKind.Images) },
        { "list.csv", path => PhotoList.Open(path) },
        { "model.safetensors", path => ClassifierFile.Load(path) },
        { "weights.pth", path => TensorReader.OpenAny(path).Dispose() },
        { "metrics.csv", path => MetricsFile.Read(path) },
        { "split.csv", path => RunFolder.ReadValidationPaths(Path.GetDirectoryName(path)!) },
        { "sort.jsonl", path => PhotoSorter.Undo(path) },
        { "checkpoint.safetensors", path => RunFolder.Open(Path.GetDirectoryName(path)!).Dispose() },
        { "a.png", path => AtomicFile.Write(path, _ => { }) },
    };

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_pipe_is_refused_by_what_it_is_and_not_waited_for(string name, Action<string> read)
    {
        var pipe = MakePipe(name);
        if (name == "checkpoint.safetensors")
        {
            MakePipe(".lock");
        }

        var message = await Task.Run(() => Assert.ThrowsAny<PhotoMlException>(() => read(pipe)).Message).WaitAsync(Patience);

        Assert.Contains("a pipe", message, StringComparison.Ordinal);
        Assert.True(File.Exists(pipe));
    }

    [LinuxFact]
    public void Sockets_and_devices_are_no_files_and_links_are_followed()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Folder.File("s")));
        File.CreateSymbolicLink(Folder.File("zero"), "/dev/zero");
        File.CreateSymbolicLink(Folder.File("link"), Folder.Write("file", [1]));

        Assert.Equal("a socket", RegularFile.FindOtherKind(Folder.File("s")));
        Assert.Equal("a character device", RegularFile.FindOtherKind(Folder.File("zero")));
        Assert.Null(RegularFile.FindOtherKind(Folder.Path));
        Assert.Null(RegularFile.FindOtherKind(Folder.File("none")));
        using var file = RegularFile.Open(Folder.File("link"));
        Assert.Equal(1, file.Length);
    }

    private string MakePipe(string name)
    {
        using var process = Process.Start("mkfifo", [Folder.File(name)]);
        process.WaitForExit();
        return Folder.File(name);
    }
}
