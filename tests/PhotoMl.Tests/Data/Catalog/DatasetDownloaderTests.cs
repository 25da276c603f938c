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

    public static TheoryData<string> Failures => [.. Reply.Failures.Keys];

    private string Folder => _folder.File("mnist");

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_good_server_gives_all_files_and_leaves_nothing_else()
    {
        var reports = new List<WorkProgress>();
        var folder = Download(progress: reports.Add);

        Assert.True(folder.IsComplete);
        AssertWhole();
        Assert.Equal(4, _server.Requests.Count);
        Assert.Equal(
            _set.Entry.Files.Select((file, i) => $"downloading file {i + 1} of 4, {file.Name} from 127.0.0.1"),
            reports.Select(report => report.Activity).Distinct());
        Assert.All(reports, report => Assert.InRange(report.Done, 1, report.Total!.Value));
        Assert.Equal(_firstContent.Length, reports.Last(report => report.Activity == reports[0].Activity).Done);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void After_a_bad_mirror_the_next_one_is_asked_and_what_none_gives_is_never_visible(string failure)
    {
        _server["/bad/" + FirstFile] = () => Reply.Failures[failure](_firstContent);
        _server["/good/" + FirstFile] = () => Reply.Status(404);

        // Only where the server stalls is little patience tested: on a busy machine a good server is slow too.
        TimeSpan? patience = failure == "stalls" ? TimeSpan.FromSeconds(2) : null;
        var exception = Assert.Throws<DatasetDownloadException>(() => Download(patience));
        Assert.StartsWith($"{_server.Address("bad/" + FirstFile)} (", exception.Failures[0], StringComparison.Ordinal);
        Assert.Equal($"{_server.Address("good/" + FirstFile)} (404 Trouble)", exception.Failures[1]);
        Assert.All(exception.Failures, failure => Assert.Contains(failure, exception.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Empty(Directory.GetFiles(Folder));

        _server.Serve(_set, "/good/");
        Download(patience);
        AssertWhole();
        Assert.Equal(2, _server.Requests.Count(path => path == "/bad/" + FirstFile));
    }

    [Fact]
    public void An_uncompressed_mirror_is_stored_uncompressed()
    {
        _server["/bad/" + FirstFile] = () => Reply.File(_set.Content[DatasetFileRole.TrainImages]);
        var path = Download().Files[DatasetFileRole.TrainImages];

        Assert.Equal(Path.Combine(Folder, "train-images-idx3-ubyte"), path);
        Assert.Equal(SmallSet.TrainCount, IdxContent.Read(path, IdxKind.Images).Dimensions[0]);
    }

    [Fact]
    public void Sound_files_are_left_alone_and_damaged_ones_replaced()
    {
        _set.WriteTo(Folder);
        File.WriteAllText(Path.Combine(Folder, "train-labels-idx1-ubyte"), "damaged");
        var path = Download().Files[DatasetFileRole.TrainLabels];

        Assert.Equal("/bad/train-labels-idx1-ubyte.gz", Assert.Single(_server.Requests));
        Assert.Equal(Path.Combine(Folder, "train-labels-idx1-ubyte.gz"), path);
        Assert.Equal(SmallSet.TrainCount, IdxContent.Read(path, IdxKind.Labels).Body.Length);
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

        Assert.ThrowsAny<OperationCanceledException>(() => Download(null, _ => cancellation.Cancel(), null, cancellation.Token));

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15); // the server hangs for 20
        Assert.Empty(Directory.GetFiles(Folder));
        _server.Serve(_set, "/bad/");
        Download();
        AssertWhole();
    }

    [Fact]
    public void An_address_nobody_listens_at_is_passed_over()
    {
        var closed = new MisbehavingServer();
        var entry = _set.Entry with { Mirrors = [closed.Address(""), _server.Address("good/")] };
        closed.Dispose();

        Assert.True(Download(entry: entry).IsComplete);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named()
    {
        _folder.Write("mnist", [1]);
        Assert.StartsWith(Folder, Assert.Throws<DatasetDownloadException>(() => Download()).Message, StringComparison.Ordinal);
    }

    private DatasetFolder Download(
        TimeSpan? stallTimeout = null, Action<WorkProgress>? progress = null, DatasetEntry? entry = null, CancellationToken token = default)
    {
        var reports = new SynchronousProgress<WorkProgress>(progress ?? (_ => { }));
        var options = new DatasetLoadOptions { CacheFolder = _folder.Path, Progress = reports };
        options = options with { StallTimeout = stallTimeout ?? options.StallTimeout };
        return DatasetDownloader.Download(entry ?? _set.Entry, options, token);
    }

    private void AssertWhole()
    {
        var names = Directory.GetFiles(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
        Assert.Equal(_set.Entry.Files.Select(file => file.Name + ".gz").Order(StringComparer.Ordinal), names);
        foreach (var file in _set.Entry.Files)
        {
            Assert.Equal(IdxBytes.Gzip(_set.Content[file.Role]), File.ReadAllBytes(Path.Combine(Folder, file.Name + ".gz")));
        }
    }
}
