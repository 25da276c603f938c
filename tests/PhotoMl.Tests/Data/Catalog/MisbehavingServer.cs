using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PhotoMl.Tests.Data;

/// <summary>What a test server answers: a head, as much of a body as it likes, and then it hangs up or hangs.</summary>
internal sealed record Reply(string Head, byte[] Body, bool Hang = false)
{
    /// <summary>The ways in which a server can fail to give a file.</summary>
    public static IReadOnlyDictionary<string, Func<byte[], Reply>> Failures { get; } = new Dictionary<string, Func<byte[], Reply>>
    {
        ["404"] = _ => Status(404),
        ["500"] = _ => Status(500),
        ["wrong content"] = _ => File(IdxBytes.Gzip(new byte[16 + (SmallSet.TrainCount * 20)])),
        ["not gzip"] = _ => File("<html>Please log in to this network</html>"u8.ToArray()),
        ["a gzip bomb"] = _ => File(IdxBytes.Gzip(new byte[20_000_000])),
        ["cut"] = file => File(file, send: 300),
        ["cut without a length"] = file => new Reply("HTTP/1.1 200 OK\r\n", file[..^4]),
        ["hangs up at once"] = _ => new Reply("", []),
        ["endless"] = _ => new Reply("HTTP/1.1 200 OK\r\n", new byte[1_000_000]),
        ["lies about its length"] = file => new Reply("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n", file),
        ["stalls"] = file => File(file, send: 0) with { Hang = true },
        ["wrong range"] = _ => new Reply(
            "HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\nContent-Range: bytes 7-11/12\r\n", [1, 2, 3, 4, 5]),
    };

    public static Reply Status(int code) => new($"HTTP/1.1 {code} Trouble\r\nContent-Length: 0\r\n", []);

    /// <summary>A file; <paramref name="send"/> sends less than was promised.</summary>
    public static Reply File(byte[] content, int? send = null) =>
        new($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\n", content[..(send ?? content.Length)]);
}

/// <summary>An HTTP server on the loopback address that answers as badly as a test wants.</summary>
internal sealed class MisbehavingServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Func<Reply>> _answers = new();

    public MisbehavingServer()
    {
        _listener.Start();
        _ = AcceptAsync(_stop.Token);
    }

    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What is answered to the paths that start so; the longest start wins.</summary>
    public Func<Reply> this[string start]
    {
        set => _answers[start] = value;
    }

    public Uri Address(string path) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{path}");

    /// <summary>Answers with the files of a set, as a good server does.</summary>
    public void Serve(SmallSet set, string under = "/")
    {
        foreach (var file in set.Entry.Files)
        {
            var content = IdxBytes.Gzip(set.Content[file.Role]);
            this[$"{under}{file.Name}.gz"] = () => Reply.File(content);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        while (true)
        {
            _ = AnswerAsync(await _listener.AcceptTcpClientAsync(stop), stop);
        }
    }

    // A client that has gone, or the end of the test, ends it with an exception that nobody sees.
    private async Task AnswerAsync(TcpClient client, CancellationToken stop)
    {
        using (client)
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var path = (await reader.ReadLineAsync(stop) ?? "GET / HTTP/1.1").Split(' ')[1];
            while (await reader.ReadLineAsync(stop) is { Length: > 0 })
            {
            }

            Requests.Enqueue(path);
            var answer = _answers.Where(item => path.StartsWith(item.Key, StringComparison.Ordinal)).MaxBy(item => item.Key.Length).Value;
            var reply = answer?.Invoke() ?? Reply.Status(404);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(reply.Head + "Connection: close\r\n\r\n"), stop);
            await stream.WriteAsync(reply.Body, stop);
            await Task.Delay(reply.Hang ? TimeSpan.FromSeconds(20) : TimeSpan.Zero, stop);
        }
    }
}
