using System.Diagnostics;
using PhotoMl.Data;

namespace PhotoMl.Tests.Data;

public sealed class DatasetDownloaderTests : IDisposable
{
    private const string FirstFile = "train-images-idx3-ubyte.gz";

    private readonly TemporaryFolder _folder = new();
    private readonly MisbehavingServer _server = new();
    private readonly SmallSet _set;
    private readonly byte[] _firstContent;

    public DatasetDownloaderTests()
    {
        // Two mirrors: the first is the one that misbehaves, the second is good.
        _set = new SmallSet("mnist", _server.Address("bad/"), _server.Address("good/"));
        _server.Serve(_set, "/bad/");
        _server.Serve(_set, "/good/");
        _firstContent = IdxBytes.Gzip(_set.Content[DatasetFileRole.TrainImages]);
    }

    public static TheoryData<string> Misbehaviours => [.. Misbehaviour.Names];

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_good_server_gives_all_files_and_leaves_nothing_else()
    {
        var reports = new List<WorkProgress>();
        var folder = Download(progress: new Progress(reports));

        Assert.True(folder.IsComplete);
        AssertWhole();
        Assert.Equal(4, _server.Requests.Count);
        Assert.Equal(_set.Entry.Files.Select((file, i) => $"downloading file {i + 1} of 4, {file.Name} from 127.0.0.1"), reports.Select(report => report.Activity).Distinct());
        Assert.All(reports, report => Assert.InRange(report.Done, 1, report.Total!.Value));
        Assert.Equal(_firstContent.Length, reports.Last(report => report.Activity == reports[0].Activity).Done);
    }

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public void After_a_bad_mirror_the_next_one_is_asked(string misbehaviour)
    {
        _server["/bad/" + FirstFile] = () => Misbehaviour.Reply(misbehaviour, _firstContent);

        Download(PatienceFor(misbehaviour));

        AssertWhole();
        Assert.Contains(_server.Requests, path => path == "/good/" + FirstFile);
        Assert.Equal(1, _server.Requests.Count(path => path == "/bad/" + FirstFile));
    }

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public void A_file_that_no_mirror_gives_is_never_visible(string misbehaviour)
    {
        _server["/bad/" + FirstFile] = () => Misbehaviour.Reply(misbehaviour, _firstContent);
        _server["/good/" + FirstFile] = () => Reply.Status(404);

        var exception = Assert.Throws<DatasetDownloadException>(() => Download(PatienceFor(misbehaviour)));

        Assert.StartsWith($"{_server.Address("bad/" + FirstFile)} (", exception.Failures[0], StringComparison.Ordinal);
        Assert.Equal($"{_server.Address("good/" + FirstFile)} (404 Trouble)", exception.Failures[1]);
        Assert.All(exception.Failures, failure => Assert.Contains(failure, exception.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Empty(FileNames());
    }

    [Fact]
    public void An_uncompressed_mirror_is_stored_uncompressed()
    {
        _server["/bad/" + FirstFile] = () => Reply.File(_set.Content[DatasetFileRole.TrainImages]);

        var folder = Download();

        Assert.Equal(_folder.File("train-images-idx3-ubyte"), folder.Files[DatasetFileRole.TrainImages]);
        Assert.Equal(SmallSet.TrainCount, IdxContent.Read(folder.Files[DatasetFileRole.TrainImages], IdxKind.Images).Dimensions[0]);
    }

    [Fact]
    public void Sound_files_are_left_alone_and_damaged_ones_replaced()
    {
        _set.WriteTo(_folder.Path);
        File.WriteAllText(_folder.File("train-labels-idx1-ubyte"), "damaged");

        var folder = Download();

        Assert.Equal("/bad/train-labels-idx1-ubyte.gz", Assert.Single(_server.Requests));
        Assert.Equal(_folder.File("train-labels-idx1-ubyte.gz"), folder.Files[DatasetFileRole.TrainLabels]);
        Assert.Equal(SmallSet.TrainCount, IdxContent.Read(folder.Files[DatasetFileRole.TrainLabels], IdxKind.Labels).Body.Length);
    }

    [Fact]
    public async Task Downloads_of_one_set_at_the_same_moment_do_each_other_no_harm()
    {
        var downloads = Enumerable.Range(0, 6).Select(_ => Task.Run(() => Download())).ToArray();

        Assert.All(await Task.WhenAll(downloads), folder => Assert.True(folder.IsComplete));

        AssertWhole();
    }

    [Fact]
    public void A_cancelled_download_leaves_no_file_and_can_be_run_again()
    {
        _server["/bad/" + FirstFile] = () => Reply.File(_firstContent, send: 300) with { Hang = true };
        using var cancellation = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();

        Assert.ThrowsAny<OperationCanceledException>(() => Download(progress: new Cancelling(cancellation), cancellationToken: cancellation.Token));

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15); // the server hangs for 20
        Assert.Empty(FileNames());
        _server.Serve(_set, "/bad/");
        Download();
        AssertWhole();
    }

    [Fact]
    public void A_gzip_bomb_is_not_unpacked()
    {
        var bomb = IdxBytes.Gzip(new byte[20_000_000]);
        _server["/bad/" + FirstFile] = () => Reply.File(bomb);

        Download();

        AssertWhole();
    }

    [Fact]
    public void An_address_nobody_listens_at_is_passed_over()
    {
        int port;
        using (var closed = new MisbehavingServer())
        {
            port = closed.Address("").Port;
        }

        var entry = _set.Entry with { Mirrors = [new Uri($"http://127.0.0.1:{port}/"), _server.Address("good/")] };

        Assert.True(Download(entry: entry).IsComplete);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named()
    {
        var file = _folder.Write("a-file", [1]);
        var exception = Assert.Throws<DatasetDownloadException>(() => Download(folder: Path.Combine(file, "mnist")));

        Assert.StartsWith(Path.Combine(file, "mnist"), exception.Message, StringComparison.Ordinal);
    }

    // Only where the server stalls is little patience tested: on a busy machine a good server is slow too.
    private static TimeSpan? PatienceFor(string misbehaviour) => misbehaviour == "stalls" ? TimeSpan.FromSeconds(2) : null;

    private DatasetFolder Download(
        TimeSpan? stallTimeout = null,
        IProgress<WorkProgress>? progress = null,
        DatasetEntry? entry = null,
        string? folder = null,
        CancellationToken cancellationToken = default) => DatasetDownloader.Download(
            entry ?? _set.Entry, folder ?? _folder.Path, progress, DatasetDownloader.ConnectTimeout, stallTimeout ?? DatasetDownloader.StallTimeout, cancellationToken);

    private IEnumerable<string> FileNames() =>
        Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private void AssertWhole()
    {
        Assert.Equal(_set.Entry.Files.Select(file => file.Name + ".gz").Order(StringComparer.Ordinal), FileNames());
        foreach (var file in _set.Entry.Files)
        {
            Assert.Equal(IdxBytes.Gzip(_set.Content[file.Role]), File.ReadAllBytes(_folder.File(file.Name + ".gz")));
        }
    }

    private sealed class Progress(List<WorkProgress> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value);
    }

    private sealed class Cancelling(CancellationTokenSource cancellation) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => cancellation.Cancel();
    }
}
