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
        var reports = new List<DownloadProgress>();
        var folder = Download(progress: new Progress(reports));

        Assert.True(folder.IsComplete);
        AssertWhole();
        Assert.Equal(4, _server.Requests.Count);
        Assert.Equal([1, 2, 3, 4], reports.Select(report => report.FileNumber).Distinct());
        Assert.All(reports, report => Assert.InRange(report.BytesReceived, 1, report.BytesTotal!.Value));
        Assert.Equal(_firstContent.Length, reports.Last(report => report.FileNumber == 1).BytesReceived);
    }

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public void After_a_bad_mirror_the_next_one_is_asked(string misbehaviour)
    {
        _server["/bad/" + FirstFile] = request => Misbehaviour.Reply(misbehaviour, _firstContent, request);

        Download(PatienceFor(misbehaviour));

        AssertWhole();
        Assert.Contains(_server.Requests, request => request.Path == "/good/" + FirstFile);
        Assert.InRange(_server.Requests.Count(request => request.Path == "/bad/" + FirstFile), 1, 2);
    }

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public void A_file_that_no_mirror_gives_is_never_visible(string misbehaviour)
    {
        _server["/bad/" + FirstFile] = request => Misbehaviour.Reply(misbehaviour, _firstContent, request);
        _server["/good/" + FirstFile] = _ => Reply.Status(404);

        var exception = Assert.Throws<DatasetDownloadException>(() => Download(PatienceFor(misbehaviour)));

        Assert.Equal([_server.Address("bad/" + FirstFile), _server.Address("good/" + FirstFile)], exception.Failures.Select(failure => failure.Address));
        Assert.Equal("404 Trouble", exception.Failures[1].Reason);
        Assert.All(exception.Failures, failure => Assert.Contains($"{failure.Address} ({failure.Reason})", exception.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Empty(VisibleFiles());
    }

    [Fact]
    public void A_connection_cut_half_way_is_continued_where_it_broke()
    {
        _server["/bad/" + FirstFile] = request => Reply.File(_firstContent, request, "\"1\"", send: 300);

        Download();

        AssertWhole();
        var requests = _server.Requests.Where(request => request.Path == "/bad/" + FirstFile).ToList();
        Assert.Equal([null, 300L, 600L], requests.Select(request => request.RangeStart));
        Assert.Equal([null, "\"1\"", "\"1\""], requests.Select(request => request.IfRange));
        Assert.DoesNotContain(_server.Requests, request => request.Path == "/good/" + FirstFile);
    }

    [Fact]
    public void A_server_that_ignores_the_range_is_read_from_the_start()
    {
        var asked = 0;
        _server["/bad/" + FirstFile] = request => Reply.File(_firstContent, request, send: asked++ == 0 ? 300 : null, ranges: false);

        Download();

        AssertWhole();
        Assert.Equal(2, asked);
    }

    [Fact]
    public void A_file_that_changed_on_the_server_is_read_from_the_start()
    {
        var other = new byte[_firstContent.Length];
        var asked = 0;
        _server["/bad/" + FirstFile] = request =>
            asked++ == 0 ? Reply.File(other, request, "\"old\"", send: 300) : Reply.File(_firstContent, request, "\"new\"");

        Download();

        AssertWhole();
        Assert.Equal(2, asked);
    }

    [Fact]
    public void A_changed_file_without_a_tag_is_found_out_by_its_hash_and_read_again()
    {
        var asked = 0;
        _server["/bad/" + FirstFile] = request =>
            asked++ == 0 ? Reply.File(new byte[_firstContent.Length], request, send: 300) : Reply.File(_firstContent, request);

        Download();

        AssertWhole();
        Assert.Equal(3, asked);
    }

    [Fact]
    public void A_later_process_continues_what_an_earlier_one_left()
    {
        _server["/"] = _ => Reply.Status(404);
        _server["/bad/" + FirstFile] = request => Reply.File(_firstContent, request, "\"1\"", send: 300);
        Assert.Throws<DatasetDownloadException>(() => Download(new DatasetDownloadOptions { AttemptsPerAddress = 1 }, only: "bad/"));
        Assert.Empty(VisibleFiles());
        _server.Serve(_set, "/bad/");

        Download();

        AssertWhole();
        Assert.Equal([null, 300L], _server.Requests.Where(request => request.Path == "/bad/" + FirstFile).Select(request => request.RangeStart));
    }

    [Fact]
    public void A_part_that_was_whole_already_is_verified_and_kept()
    {
        Directory.CreateDirectory(_folder.Path);
        var part = _folder.Write("train-images-idx3-ubyte.part", _firstContent);
        File.WriteAllText(part + ".source", $"{_server.Address("bad/" + FirstFile)}\n\"1\"\n");

        Download();

        AssertWhole();
        Assert.Equal(1, _server.Requests.Count(request => request.Path == "/bad/" + FirstFile));
    }

    [Fact]
    public void A_part_of_unknown_origin_is_not_continued()
    {
        _folder.Write("train-images-idx3-ubyte.part", new byte[5000]);

        Download();

        AssertWhole();
        Assert.All(_server.Requests, request => Assert.Null(request.RangeStart));
    }

    [Fact]
    public void An_uncompressed_mirror_is_stored_uncompressed()
    {
        _server["/bad/" + FirstFile] = request => Reply.File(_set.Content[DatasetFileRole.TrainImages], request);

        var folder = Download();

        Assert.Equal(_folder.File("train-images-idx3-ubyte"), folder.Files[DatasetFileRole.TrainImages]);
        Assert.Equal(SmallSet.TrainCount, IdxFile.ReadImages(folder.Files[DatasetFileRole.TrainImages]).Count);
    }

    [Fact]
    public void Sound_files_are_left_alone_and_damaged_ones_replaced()
    {
        _set.WriteTo(_folder.Path);
        File.WriteAllText(_folder.File("train-labels-idx1-ubyte"), "damaged");

        var folder = Download();

        Assert.Equal("/bad/train-labels-idx1-ubyte.gz", Assert.Single(_server.Requests).Path);
        Assert.Equal(_folder.File("train-labels-idx1-ubyte.gz"), folder.Files[DatasetFileRole.TrainLabels]);
        Assert.Equal(SmallSet.TrainCount, IdxFile.ReadLabels(folder.Files[DatasetFileRole.TrainLabels]).Length);
    }

    [Fact]
    public async Task Downloads_of_one_set_at_the_same_moment_do_each_other_no_harm()
    {
        var downloads = Enumerable.Range(0, 6).Select(_ => Task.Run(() => Download())).ToArray();

        Assert.All(await Task.WhenAll(downloads), folder => Assert.True(folder.IsComplete));

        AssertWhole();
    }

    [Fact]
    public void A_download_does_not_wait_for_a_process_that_hangs_with_the_lock()
    {
        var part = _folder.Write("train-images-idx3-ubyte.part", [1, 2, 3]);
        using (new FileStream(_folder.File(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Download();
        }

        Assert.Equal([1, 2, 3], File.ReadAllBytes(part));
        File.Delete(part);
        AssertWhole();
    }

    [Fact]
    public async Task A_cancelled_download_leaves_no_file_and_can_be_continued()
    {
        _server["/bad/" + FirstFile] = request => Reply.File(_firstContent, request, "\"1\"", send: 300) with { Hang = true };
        using var cancellation = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        using var downloader = new DatasetDownloader();

        var download = downloader.DownloadAsync(_set.Entry, _folder.Path, new Cancelling(cancellation), cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => download);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15); // the server hangs for 20
        Assert.Empty(VisibleFiles());
        _server.Serve(_set, "/bad/");
        Download();
        AssertWhole();
        Assert.Equal(300, _server.Requests.ElementAt(1).RangeStart);
    }

    [Fact]
    public void A_gzip_bomb_is_not_unpacked()
    {
        var bomb = IdxBytes.Gzip(new byte[20_000_000]);
        _server["/bad/" + FirstFile] = request => Reply.File(bomb, request);

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
        using var downloader = new DatasetDownloader();

        Assert.True(downloader.Download(entry, _folder.Path).IsComplete);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named()
    {
        var file = _folder.Write("a-file", [1]);
        using var downloader = new DatasetDownloader();

        var exception = Assert.Throws<DatasetDownloadException>(() => downloader.Download(_set.Entry, Path.Combine(file, "mnist")));

        Assert.StartsWith(Path.Combine(file, "mnist"), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatasetDownloadOptions { StallTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatasetDownloadOptions { AttemptsPerAddress = 0 });
    }

    // Only where the server stalls is little patience tested: on a busy machine a good server is slow too.
    private static DatasetDownloadOptions PatienceFor(string misbehaviour) =>
        misbehaviour == "stalls" ? new() { StallTimeout = TimeSpan.FromSeconds(2) } : new();

    private DatasetFolder Download(
        DatasetDownloadOptions? options = null, IProgress<DownloadProgress>? progress = null, string? only = null)
    {
        using var downloader = new DatasetDownloader(options);
        var entry = only is null ? _set.Entry : _set.Entry with { Mirrors = [_server.Address(only)] };
        return downloader.Download(entry, _folder.Path, progress);
    }

    private IEnumerable<string> VisibleFiles() =>
        FileNames().Where(name => name.EndsWith("ubyte", StringComparison.Ordinal) || name.EndsWith(".gz", StringComparison.Ordinal));

    private IEnumerable<string> FileNames() =>
        Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private void AssertWhole()
    {
        string[] expected = [".lock", .. _set.Entry.Files.Select(file => file.Name + ".gz")];
        Assert.Equal(expected.Order(StringComparer.Ordinal), FileNames());
        foreach (var file in _set.Entry.Files)
        {
            Assert.Equal(IdxBytes.Gzip(_set.Content[file.Role]), File.ReadAllBytes(_folder.File(file.Name + ".gz")));
        }
    }

    private sealed class Progress(List<DownloadProgress> reports) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => reports.Add(value);
    }

    private sealed class Cancelling(CancellationTokenSource cancellation) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => cancellation.Cancel();
    }
}
